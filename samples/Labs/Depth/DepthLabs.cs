namespace DeepNet.Labs.Depth;

/// <summary>What happens to signals and gradients on a long way.</summary>
internal static class DepthLabs
{
    public static IReadOnlyList<Lab> All { get; } = [];
}

namespace DeepNet.Labs.Losses;

/// <summary>What is minimised.</summary>
internal static class LossLabs
{
    public static IReadOnlyList<Lab> All { get; } = [];
}

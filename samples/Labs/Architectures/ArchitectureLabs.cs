namespace DeepNet.Labs.Architectures;

/// <summary>What parts of architectures do in a trained network.</summary>
internal static class ArchitectureLabs
{
    public static IReadOnlyList<Lab> All { get; } =
    [
        new LstmGates(),
        new AttentionSorts(),
        new FiltersSee(),
    ];
}

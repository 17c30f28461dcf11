namespace DeepNet.Labs.Architectures;

/// <summary>Parts of architectures in a trained network.</summary>
internal static class ArchitectureLabs
{
    public static IReadOnlyList<Lab> All { get; } =
    [
        new LstmGates(),
        new AttentionSorts(),
        new FiltersSee(),
        new StructuredOutput(),
    ];
}

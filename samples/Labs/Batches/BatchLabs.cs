namespace DeepNet.Labs.Batches;

/// <summary>How many examples a step looks at.</summary>
internal static class BatchLabs
{
    public static IReadOnlyList<Lab> All { get; } =
    [
        new GradientVariance(),
        new TimePerEpoch(),
        new SmallAgainstLarge(),
        new LinearScaling(),
    ];
}

namespace DeepNet.Labs.Normalisation;

/// <summary>What scaling does to training.</summary>
internal static class NormalisationLabs
{
    public static IReadOnlyList<Lab> All { get; } =
    [
        new ScaledFeatures(),
        new BatchNormalisation(),
    ];
}

namespace DeepNet.Labs.Normalisation;

/// <summary>Scales of features, and of what lies inside.</summary>
internal static class NormalisationLabs
{
    public static IReadOnlyList<Lab> All { get; } = [];
}

namespace DeepNet.Labs.Depth;

/// <summary>What many layers do to gradients, and what they are good for.</summary>
internal static class DepthLabs
{
    public static IReadOnlyList<Lab> All { get; } =
    [
        new VanishingGradients(),
        new FrontLayers(),
        new ExplosionAndClipping(),
        new InitialVariance(),
        new XavierOrHe(),
        new DepthDegradation(),
        new DepthAgainstWidth(),
        new FeedbackAlignment(),
    ];
}

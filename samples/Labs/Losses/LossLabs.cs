namespace DeepNet.Labs.Losses;

/// <summary>What is minimised.</summary>
internal static class LossLabs
{
    public static IReadOnlyList<Lab> All { get; } =
    [
        new CrossEntropyAgainstSquares(),
        new SigmoidAndSquares(),
        new DivergenceOfDistributions(),
        new LikelihoodLosses(),
        new OneHotTargets(),
        new TinyNetworkSurface(),
    ];
}

namespace DeepNet.Labs.Fitting;

/// <summary>How a curve is fitted to data.</summary>
internal static class FittingLabs
{
    public static IReadOnlyList<Lab> All { get; } =
    [
        new LinearRegression(),
        new CurvesFromSigmoids(),
        new TwoLayersByHand(),
        new LearningRates(),
        new PolynomialDegree(),
    ];
}

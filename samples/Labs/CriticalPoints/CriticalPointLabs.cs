namespace DeepNet.Labs.CriticalPoints;

/// <summary>Where the gradient is zero, and where it only seems to be.</summary>
internal static class CriticalPointLabs
{
    public static IReadOnlyList<Lab> All { get; } =
    [
        new Saddle(),
        new TaylorApproximation(),
        new EscapeFromSaddle(),
        new OutOfLocalMinima(),
        new MinimumRatio(),
        new SaddlesOutnumber(),
        new NoLongerFalls(),
        new SecondOrderSteps(),
        new HessianCost(),
    ];
}

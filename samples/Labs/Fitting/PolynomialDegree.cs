using DeepNet.Labs.Kit;

namespace DeepNet.Labs.Fitting;

internal sealed class PolynomialDegree : Lab
{
    public override string Name => "polynomial-degree";

    public override string Title => "A higher degree always fits the training data better, and from some degree on other data worse";

    public override string Claim => """
        Polynomials of rising degree are fitted to noisy points of a curve. The error on those points can only fall, because each degree
        contains the one before. The error on other points of the same curve falls first and then rises: the polynomial begins to learn the
        noise. With many more points than coefficients it does not rise: over-fitting is too little data for the freedom given.
        """;

    public override IReadOnlyList<string> Mutations => ["a hundred times the data", "validation on the training data"];

    public override void Run(LabContext lab)
    {
        const int highest = 14;
        int count = lab.Mutated("a hundred times the data") ? 2000 : 20;
        static double Curve(double x) => Math.Sin(2.5 * x) + 0.3 * x;
        var train = Points(count, lab.Seed + 10);
        var validation = lab.Mutated("validation on the training data") ? train : Points(400, lab.Seed + 20);
        (double[] X, double[] Y) Points(int n, ulong seed)
        {
            var (x, y) = SyntheticData.Curve(n, Curve, low: -1, high: 1, noise: 0.25, seed: seed).All();
            return (x.ToArray<double>(), y.ToArray<double>());
        }

        double[] degrees = Fit.Grid(0, highest, highest + 1), trained = new double[highest + 1], validated = new double[highest + 1];
        var fits = new Polynomial[highest + 1];
        for (int degree = 0; degree <= highest; degree++)
        {
            fits[degree] = Polynomial.Fit(degree, train.X, train.Y);
            trained[degree] = fits[degree].Error(train.X, train.Y);
            validated[degree] = fits[degree].Error(validation.X, validation.Y);
        }
        int best = Array.IndexOf(validated, validated.Min());
        double rise = validated[highest] / validated[best];
        double steepest = Enumerable.Range(1, highest).Max(d => trained[d] / trained[d - 1]);

        lab.Table(
            ["degree", "training error", "validation error"],
            Enumerable.Range(0, highest + 1).Select(d => (string[])[$"{d}", $"{trained[d]:0.0000}", $"{validated[d]:0.0000}"]));
        var axis = Fit.Grid(-1, 1, 201);
        var curves = new Plot("three of the fits")
        {
            XLabel = "x", YLabel = "y", Width = 460, Height = 380, YMin = -2, YMax = 2,
        }.Scatter(train.X, train.Y, "training points", color: 7);
        foreach (int d in new[] { 1, best, highest }.Distinct())
            curves.Line(axis, [.. axis.Select(x => Math.Clamp(fits[d].At(x), -3, 3))], $"degree {d}");
        lab.Figure(
            new PlotGrid(
                null, 2, curves,
                new Plot("error by degree")
                {
                    XLabel = "degree", YLabel = "mean squared error", YScale = AxisScale.Log, Width = 460, Height = 380,
                }
                    .Line(degrees, trained, "training", markers: true).Line(degrees, validated, "validation", markers: true)
                    .HorizontalLine(0.0625, "variance of the noise")),
            "First: the highest degree goes through the noise. Second: where the two errors part, over-fitting begins.");
        ShowFits(lab, [.. new[] { 15, 20, 40, 200 }.Select(n => Points(n, lab.Seed + 10))]);
        lab.Check($"the training error never rises (largest ratio {steepest:0.000})", steepest, atMost: 1 + 1e-6);
        lab.Check(
            $"over-fitting begins after degree {best}: validation error rises {rise:0}-fold up to degree {highest}", rise, atLeast: 3);
        lab.Check($"the best degree is neither the lowest nor the highest", best, atLeast: 2, atMost: 9);
    }

    /// <summary>The fit of every degree to sets of points.</summary>
    private static void ShowFits(LabContext lab, (double[] X, double[] Y)[] sets)
    {
        var axis = Fit.Grid(-1, 1, 121);
        lab.Sliders(
            [
                new("degree", [.. Enumerable.Range(0, 15).Select(d => $"{d}")], Start: 3),
                new("points", [.. sets.Select(s => $"{s.X.Length}")], Start: 1),
            ],
            at =>
            {
                var (x, y) = sets[at[1]];
                var fit = Polynomial.Fit(at[0], x, y);
                return new Plot("degree and points") { XLabel = "x", YLabel = "y", Width = 560, Height = 380, YMin = -2, YMax = 2 }
                    .Scatter(x, y, "points", color: 7)
                    .Line(axis, [.. axis.Select(v => Math.Sin(2.5 * v) + 0.3 * v)], "the curve", LineStyle.Dashed, color: 2)
                    .Line(axis, [.. axis.Select(v => Math.Clamp(fit.At(v), -3, 3))], "the polynomial", color: 0);
            },
            "Every degree, on few points and on many: what is wild on 15 is tame on 200.");
    }
}

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

    public override string Question
        => "Twenty noisy points are fitted by polynomials of rising degree: what happens to the error on other points of the same curve?";

    public override Guess? Guess => new(
        [
            "It falls with every degree, as the error on the fitted points does",
            "It falls first and then rises, while the error on the fitted points goes on falling",
            "It stays the same: the curve does not depend on the fit",
        ],
        Right: 1);

    public override string Explanation => """
        A polynomial of degree $d$ has $d + 1$ coefficients and contains all those of lower degrees, so the smallest training error
        $\frac{1}{N} \sum_i (f(x_i) - y_i)^2$ can never rise with $d$. With $d + 1 = N$ it is zero: the polynomial passes through every
        point, noise included.

        The expected error on other points has three parts: the variance $\sigma^2$ of the noise, which nothing removes; the squared bias,
        which falls with $d$ as the curve is better described; and the variance of the fit, which for least squares is about $\sigma^2
        \frac{d + 1}{N}$ within the data and grows steeply near the ends of the interval. The best degree is where the two that depend on
        $d$ balance.

        So over-fitting is a matter of the ratio $\frac{d + 1}{N}$ and not of $d$ alone. With a hundred times the points the same degrees
        do no harm; this is one of the mutations of this lab. Neural networks with far more weights than examples can behave differently,
        because training does not use all of their freedom.
        """;

    public override string Falsified => """
        A training error that rises with the degree, or a validation error that keeps falling up to the highest degree on twenty points.
        """;

    public override IReadOnlyList<string> Next => ["l1-l2", "early-stopping", "model-choice"];

    public override void Example(TextWriter output)
    {
        Generator noise = new(1);
        Tensor Curve(Tensor x) => (2.5 * x).Sin() + 0.3 * x;
        Tensor Powers(Tensor x, int degree) => Tensor.Stack([.. Enumerable.Range(0, degree + 1).Select(k => x.Pow(k))], axis: 1);
        (Tensor X, Tensor Y) Points(int count)
        {
            var x = Tensor.Uniform(new Shape(count), -1, 1, DType.Float64, generator: noise);
            return (x, Curve(x) + 0.25 * Tensor.Randn(x.Shape, DType.Float64, generator: noise));
        }

        var (train, validation) = (Points(20), Points(400));
        for (int degree = 1; degree <= 13; degree += 2)
        {
            var coefficients = Linalg.Lstsq(Powers(train.X, degree), train.Y.Unsqueeze(1));
            double Error((Tensor X, Tensor Y) points)
                => (Powers(points.X, degree).MatMul(coefficients).Squeeze(1) - points.Y).Square().Mean().Item<double>();
            output.WriteLine($"degree {degree,2}: training {Error(train):0.0000}, validation {Error(validation):0.0000}");
        }
    }

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

using DeepNet.Labs.Kit;

namespace DeepNet.Labs.Fitting;

internal sealed class PolynomialDegree : Lab
{
    public override int Number => 5;

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
            var (x, y) = MadeData.Curve(n, Curve, low: -1, high: 1, noise: 0.25, seed: seed).All();
            return (x.ToArray<double>(), y.ToArray<double>());
        }

        double[] degrees = Fit.Grid(0, highest, highest + 1), trained = new double[highest + 1], validated = new double[highest + 1];
        var fits = new double[highest + 1][];
        for (int degree = 0; degree <= highest; degree++)
        {
            fits[degree] = LeastSquares(train.X, train.Y, degree);
            trained[degree] = Error(fits[degree], train);
            validated[degree] = Error(fits[degree], validation);
        }
        int best = Array.IndexOf(validated, validated.Min());
        double rise = validated[highest] / validated[best];
        double steepest = Enumerable.Range(1, highest).Max(d => trained[d] / trained[d - 1]);

        lab.Table(["degree", "training error", "validation error"], Enumerable.Range(0, highest + 1).Select(d => (string[])[$"{d}", $"{trained[d]:0.0000}", $"{validated[d]:0.0000}"]));
        var axis = Fit.Grid(-1, 1, 201);
        var curves = new Plot("three of the fits") { XLabel = "x", YLabel = "y", Width = 460, Height = 380, YMin = -2, YMax = 2 }.Scatter(train.X, train.Y, "training points", color: 7);
        foreach (int d in new[] { 1, best, highest }.Distinct()) curves.Line(axis, [.. axis.Select(x => Math.Clamp(Value(fits[d], x), -3, 3))], $"degree {d}");
        lab.Figure(
            new PlotGrid(
                null, 2, curves,
                new Plot("error by degree") { XLabel = "degree", YLabel = "mean squared error", YScale = AxisScale.Log, Width = 460, Height = 380 }
                    .Line(degrees, trained, "training", markers: true).Line(degrees, validated, "validation", markers: true).HorizontalLine(0.0625, "variance of the noise")),
            "First: the highest degree goes through the noise. Second: where the two errors part, over-fitting begins.");
        lab.Check($"the training error never rises (largest ratio {steepest:0.000})", steepest, atMost: 1 + 1e-6);
        lab.Check($"over-fitting begins after degree {best}: validation error rises {rise:0}-fold up to degree {highest}", rise, atLeast: 3);
        lab.Check($"the best degree is neither the lowest nor the highest", best, atLeast: 2, atMost: 9);
    }

    /// <summary>Coefficients of Legendre polynomials: those of powers would drown in rounding. Solved by the eigenvectors of XᵀX.</summary>
    private static double[] LeastSquares(double[] x, double[] y, int degree)
    {
        double[][] rows = [.. x.Select(v => Legendre(v, degree))];
        var gram = new double[degree + 1, degree + 1];
        for (int i = 0; i <= degree; i++)
            for (int j = 0; j <= degree; j++) gram[i, j] = rows.Sum(r => r[i] * r[j]);
        double[] right = [.. Enumerable.Range(0, degree + 1).Select(i => rows.Zip(y, (r, v) => r[i] * v).Sum())];
        var eigen = new SymmetricMatrix(gram).Eigen();
        var coefficients = new double[degree + 1];
        for (int k = 0; k <= degree; k++)
        {
            double along = eigen.Vector(k).Zip(right, (a, b) => a * b).Sum() / eigen.Values[k];
            for (int i = 0; i <= degree; i++) coefficients[i] += along * eigen.Vector(k)[i];
        }
        return coefficients;
    }

    private static double[] Legendre(double x, int degree)
    {
        var p = new double[degree + 1];
        p[0] = 1;
        if (degree > 0) p[1] = x;
        for (int n = 1; n < degree; n++) p[n + 1] = ((2 * n + 1) * x * p[n] - n * p[n - 1]) / (n + 1);
        return p;
    }

    private static double Value(double[] coefficients, double x) => Legendre(x, coefficients.Length - 1).Zip(coefficients, (p, c) => p * c).Sum();

    private static double Error(double[] coefficients, (double[] X, double[] Y) data) => data.X.Zip(data.Y, (x, y) => Math.Pow(Value(coefficients, x) - y, 2)).Average();
}

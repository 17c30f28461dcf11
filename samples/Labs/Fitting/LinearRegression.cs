using DeepNet.Labs.Kit;

namespace DeepNet.Labs.Fitting;

internal sealed class LinearRegression : Lab
{
    public override string Name => "linear-regression";

    public override string Title => "Gradient descent finds the line that a formula gives at once";

    public override string Claim => """
        A line y = b + wx is fitted by minimising the mean squared error. The error is a bowl over the parameters: a parabola for one of
        them, a paraboloid for both. Gradient descent walks down the bowl, and where it ends is what the closed form of least squares says:
        w is the covariance of x and y over the variance of x, and the line goes through the means.
        """;

    public override string Question
        => "Does gradient descent on the mean squared error end at the same line as the formula of least squares?";

    public override Guess? Guess => new(
        [
            "No, it ends somewhere near it, and how near depends on the start",
            "Yes, from every start, if the learning rate is small enough and the run long enough",
            "Only from a good start; from others it stays in another minimum",
        ],
        Right: 1);

    public override string Explanation => """
        The mean squared error of a line, $L(w, b) = \frac{1}{N} \sum_i (w x_i + b - y_i)^2$, is a quadratic function of its two
        parameters. Its Hessian $\mathbf{H} = \frac{2}{N} \begin{pmatrix} \sum_i x_i^2 & \sum_i x_i \\ \sum_i x_i & N \end{pmatrix}$ is
        the same everywhere and positive definite as soon as two of the $x_i$ differ. Such a function is a bowl: it has one critical
        point, and that is its minimum.

        Setting both derivatives to zero gives that point at once: $w = \frac{\sum_i (x_i - \bar{x})(y_i - \bar{y})}{\sum_i (x_i -
        \bar{x})^2}$ and $b = \bar{y} - w \bar{x}$.

        A step of gradient descent multiplies the distance from the minimum by $1 - \eta \lambda$ along an eigenvector of the Hessian with
        eigenvalue $\lambda$. If $0 < \eta < 2 / \lambda_{\max}$ all these factors are smaller than one in size, and descent converges
        from every start. The loss of a network is not quadratic and has no closed form; only the walk remains.
        """;

    public override string Falsified => """
        A run at a rate below 2/λ of the largest eigenvalue that comes to rest at another line than the closed form's, or two starts that
        end at different lines.
        """;

    public override IReadOnlyList<string> Next => ["learning-rate", "curves-from-sigmoids"];

    public override void Example(TextWriter output)
    {
        var x = Tensor.Linspace(-1, 3, 50, DType.Float64);
        var y = 1.2 * x - 0.5 + 0.4 * Tensor.Randn(x.Shape, DType.Float64, generator: new Generator(1));

        Parameter w = new(Tensor.From(-1.0)), b = new(Tensor.From(2.0));
        var optimizer = new Sgd([w, b], learningRate: 0.1);
        for (int step = 0; step < 400; step++)
        {
            optimizer.ZeroGrad();
            Loss.Mse(w.Value * x + b.Value, y).Backward();
            optimizer.Step();
        }
        output.WriteLine($"gradient descent: w = {w.Value.Item<double>():0.000000}, b = {b.Value.Item<double>():0.000000}");

        // The closed form: the covariance over the variance, and a line through the means.
        Tensor dx = x - x.Mean(), dy = y - y.Mean();
        double slope = (dx * dy).Sum().Item<double>() / dx.Square().Sum().Item<double>();
        double intercept = y.Mean().Item<double>() - slope * x.Mean().Item<double>();
        output.WriteLine($"closed form:      w = {slope:0.000000}, b = {intercept:0.000000}");
    }

    public override IReadOnlyList<string> Mutations => ["wrong sign", "ten steps only"];

    public override void Run(LabContext lab)
    {
        // 50 points about a line.
        var data = SyntheticData.Curve(50, x => 1.2 * x - 0.5, low: -1, high: 3, noise: 0.4, seed: lab.Seed);
        var (x, y) = data.All();
        x = x.To(DType.Float64);
        y = y.To(DType.Float64);
        int steps = lab.Mutated("ten steps only") ? 10 : 400;
        bool isWrong = lab.Mutated("wrong sign");

        // The closed form.
        var (xs, ys) = (x.ToArray<double>(), y.ToArray<double>());
        double slope = Fit.Slope(xs, ys), intercept = ys.Average() - slope * xs.Average();
        double slopeAlone = xs.Zip(ys, (a, b) => a * b).Sum() / xs.Sum(a => a * a);        // of a line through the origin

        // One parameter: the line through the origin.
        var w = new Parameter(Tensor.From(-1.0));
        var one = Descend([w], () => Loss.Mse(w.Value * x, y), steps, isWrong);

        // Two parameters.
        var (w2, b2) = (new Parameter(Tensor.From(-1.0)), new Parameter(Tensor.From(2.0)));
        var two = Descend([w2, b2], () => Loss.Mse(w2.Value * x + b2.Value, y), steps, isWrong);

        lab.Table(
            ["", "gradient descent", "closed form"],
            [
                ["w of a line through the origin", $"{one[^1][0]:0.000000}", $"{slopeAlone:0.000000}"],
                ["w", $"{two[^1][0]:0.000000}", $"{slope:0.000000}"],
                ["b", $"{two[^1][1]:0.000000}", $"{intercept:0.000000}"],
            ]);
        double Error(double a, double b) => xs.Zip(ys, (u, v) => Math.Pow(a * u + b - v, 2)).Average();
        lab.Figure(
            new PlotGrid(null, 2, OneParameter(one, a => Error(a, 0)), TwoParameters(two, Error, slope, intercept)),
            "First: with one parameter the error is a parabola. Second: with two it is a bowl, seen from above; steps are long "
                + "where it is steep.");
        double distance = new[] { one[^1][0] - slopeAlone, two[^1][0] - slope, two[^1][1] - intercept }.Max(Math.Abs);
        lab.Check($"after {steps} steps the largest difference from the closed form is {Say.Short(distance)}", distance, atMost: 1e-6);
    }

    /// <summary>Plain gradient descent; all places it went through.</summary>
    private static List<double[]> Descend(Parameter[] parameters, Func<Tensor> lossOf, int steps, bool isWrong)
    {
        var optimizer = new Sgd(parameters, learningRate: 0.1) { Maximize = isWrong };
        double[] Place() => [.. parameters.Select(p => p.Value.Item<double>())];
        var path = new List<double[]> { Place() };
        for (int step = 0; step < steps; step++)
        {
            optimizer.ZeroGrad();
            lossOf().Backward();
            optimizer.Step();
            path.Add(Place());
        }
        return path;
    }

    private static Plot OneParameter(List<double[]> path, Func<double, double> error)
    {
        var axis = Fit.Grid(-1.5, 2.5, 101);
        var seen = path.Where(p => Math.Abs(p[0]) < 3).Select(p => p[0]).ToArray();
        return new Plot("one parameter") { XLabel = "w", YLabel = "mean squared error", Width = 440, Height = 400 }
            .Line(axis, [.. axis.Select(error)], "error")
            .Line(seen, [.. seen.Select(error)], "gradient descent", color: 1, markers: true);
    }

    private static Plot TwoParameters(List<double[]> path, Func<double, double, double> error, double slope, double intercept)
    {
        double[] w = Fit.Grid(-1.5, 2.5, 61), b = Fit.Grid(-2, 2.5, 61);
        var seen = path.Where(p => Math.Abs(p[0]) < 3 && Math.Abs(p[1]) < 3).ToArray();
        return new Plot("two parameters")
        {
            XLabel = "w", YLabel = "b", ZLabel = "mean squared error", ZScale = AxisScale.Log, Width = 520, Height = 400,
        }
            .Contour(w, b, Fit.Surface(w, b, error))
            .Line([.. seen.Select(p => p[0])], [.. seen.Select(p => p[1])], "gradient descent", color: 1, markers: true)
            .Scatter([slope], [intercept], "closed form", color: 4, size: 10);
    }
}

using DeepNet.Data.Transforms;
using DeepNet.Labs.Kit;

namespace DeepNet.Labs.Normalisation;

/// <summary>Features of one scale make a round error surface.</summary>
internal sealed class ScaledFeatures : Lab
{
    public override string Name => "feature-scaling";

    public override string Title => "Scaled and unscaled features";

    public override string Claim => """
        If one feature is twenty times larger than another, the error surface is a valley four hundred times steeper across than along.
        Gradient descent needs a learning rate that is safe across it, and then creeps along it: even with the best rate the steps to the
        bottom grow with the condition number of the Hessian. Standardised features make the surface round, and a few steps are enough.
        """;

    public override string Question => "Why does gradient descent take so many steps when features have very different scales?";

    public override Guess Guess => new(
        [
            "Large features make the loss large, so there is farther to go",
            "The largest curvature limits the rate, and along the smallest one that rate is far too small",
            "The features have different units, and the gradient cannot compare them",
            "The surface has local minima that disappear after scaling",
        ],
        Right: 1);

    public override string Explanation => """
        For a linear model with squared error the surface is a parabola with Hessian $\mathbf{H} = \frac{2}{n} \mathbf{X}^T \mathbf{X}$. A
        feature that is $k$ times larger has a curvature $k^2$ times larger. Along the direction of eigenvalue $\lambda_i$ a step multiplies
        the distance to the minimum by $1 - \eta \lambda_i$, so that every direction needs $\eta < \frac{2}{\lambda_{\max}}$.

        The best rate balances the steepest and the flattest direction: $\eta = \frac{2}{\lambda_{\max} + \lambda_{\min}}$, and each step
        then leaves $\frac{\kappa - 1}{\kappa + 1}$ of the distance, with the condition number
        $\kappa = \frac{\lambda_{\max}}{\lambda_{\min}}$. To bring the distance down to $\epsilon$ takes about
        $\frac{\kappa}{2} \log \frac{1}{\epsilon}$ steps: thousands for $\kappa = 400$, a handful for $\kappa \approx 1$.

        Standardising replaces each feature by $\hat{x} = \frac{x - \mu}{\sigma}$, with mean and standard deviation of the training set.
        That makes all curvatures equal if the features are uncorrelated. Correlated features leave a valley askew to the axes, which
        scaling alone does not remove; adaptive optimizers have the same limit.
        """;

    public override string Falsified => """
        A number of steps on the unscaled surface that differs from the prediction of the condition number by more than a fifth, or
        standardised features that need nearly as many steps.
        """;

    public override IReadOnlyList<string> Next => ["batch-norm", "second-order", "momentum"];

    public override void Example(TextWriter output)
    {
        Generator.SetSeed(1);
        var x = Tensor.Randn(200, 2) * Tensor.From<float>(1, 20);
        var y = x.MatMul(Tensor.From<float>([1.5f, -0.1f], new Shape(2, 1)));
        foreach (bool isScaled in new[] { false, true })
        {
            var features = isScaled ? (x - x.Mean(0)) / x.Std(0) : x;
            var model = new Linear(2, 1);
            // The largest variance sets the largest curvature, and that limits the rate.
            double rate = 0.5 / features.Square().Mean(0).Max().Item();
            var optimizer = new Sgd(model.Parameters(), rate);
            int step = 0;
            for (; step < 5000; step++)
            {
                using var scope = Memory.Scope();
                optimizer.ZeroGrad();
                var loss = Loss.Mse(model.Forward(features), y);
                loss.Backward();
                optimizer.Step();
                if (loss.Item() < 1e-4) break;
            }
            output.WriteLine($"{(isScaled ? "standardised" : "as they come")}: rate {rate:0.0000}, {step} steps");
        }
    }

    public override IReadOnlyList<string> Mutations => ["features of one scale from the start", "rate of the unscaled surface for both"];

    private const double Tolerance = 1e-6;      // of the distance to the bottom

    public override void Run(LabContext lab)
    {
        double scale = lab.Mutated("features of one scale from the start") ? 1 : lab.Pick(full: 20, reduced: 10);
        var x = Tensor.Randn(new Shape(200, 2), DType.Float64, generator: lab.Random) * Tensor.From<double>(1, scale);
        var y = x.MatMul(Tensor.From<double>([1.5, -2 / scale], new Shape(2, 1)));
        var raw = new TensorDataset(x, y);
        var scaled = raw.Map(Standardize.Fit(raw)).All();

        var unscaled = Descend(lab, x, y, rate: null);
        var round = Descend(
            lab, scaled.X.To(DType.Float64), y, lab.Mutated("rate of the unscaled surface for both") ? unscaled.Rate : null);

        lab.Table(["features", "condition number", "best rate", "steps"],
            new[] { ("as they come", unscaled), ("standardised", round) }.Select(
                r => (string[])[r.Item1, $"{r.Item2.Condition:0.0}", $"{r.Item2.Rate:G3}", $"{r.Item2.Steps}"]));
        lab.Figure(new PlotGrid(null, 2, Surface("Features as they come", unscaled), Surface("Standardised features", round)),
            "The error over both weights, and gradient descent with the best rate of each surface. "
            + "Thirty steps cross the valley thirty times and hardly advance along it; on the round surface the gradient points to the "
            + "minimum.");
        lab.Figure(
            new Plot("Distance to the minimum") { XLabel = "step", YLabel = "distance", XScale = AxisScale.Log, YScale = AxisScale.Log }
            .Line(Places(unscaled), Distances(unscaled), "features as they come")
            .Line(Places(round), Distances(round), "standardised features", markers: true),
            "Both axes are logarithmic. Each step leaves (κ − 1) / (κ + 1) of the distance.");
        lab.Check(
            $"condition number {unscaled.Condition:0} before, {round.Condition:0.0} after", unscaled.Condition / round.Condition,
            atLeast: 50);
        lab.Check($"{unscaled.Steps} steps before, {round.Steps} after", (double)unscaled.Steps / round.Steps, atLeast: 50);
        // The theory: each step leaves (κ − 1) / (κ + 1) of the distance.
        double predicted = Math.Log(Tolerance) / Math.Log((unscaled.Condition - 1) / (unscaled.Condition + 1));
        lab.Check($"the condition number predicts {predicted:0} steps", unscaled.Steps / predicted, atLeast: 0.8, atMost: 1.2);
    }

    private sealed record Descended(Tensor X, Tensor Y, double Condition, double Rate, int Steps, List<double[]> Path, double[] Bottom);

    private static double[] Places(Descended run) => [.. Enumerable.Range(1, run.Path.Count).Select(i => (double)i)];

    private static double[] Distances(Descended run) => [.. run.Path.Select(p => Distance(p, run.Bottom))];

    private static Descended Descend(LabContext lab, Tensor x, Tensor y, double? rate)
    {
        var w = Tensor.From<double>([0, 0], new Shape(2, 1)).WithGrad();
        var objective = new Objective(() => Loss.Mse(x.MatMul(w), y), w);
        var curvatures = HessianSpectrum.Full(objective, vectors: false).Values;
        double best = rate ?? 2 / (curvatures[0] + curvatures[1]);

        // Where the bottom is: a Newton step, exact because the surface is a parabola.
        var bottom = Bottom(objective);
        // Start where the two directions matter alike.
        objective.Position = [bottom[0] - 3, bottom[1] - 3];
        var path = new List<double[]> { objective.Position };
        double start = Distance(path[0], bottom);
        foreach (int step in lab.Steps(lab.Pick(full: 20_000, reduced: 3_000)))
        {
            var (_, gradient) = objective.Evaluate();
            objective.Position = [path[^1][0] - best * gradient[0], path[^1][1] - best * gradient[1]];
            path.Add(objective.Position);
            if (Distance(path[^1], bottom) < Tolerance * start) break;
        }
        return new(x, y, curvatures[1] / curvatures[0], best, path.Count - 1, path, bottom);
    }

    private static double[] Bottom(Objective objective)
    {
        var g = objective.Gradient();
        var h = objective.Hessian().ToMatrix();
        double determinant = h[0, 0] * h[1, 1] - h[0, 1] * h[0, 1];
        return [-(h[1, 1] * g[0] - h[0, 1] * g[1]) / determinant, -(h[0, 0] * g[1] - h[0, 1] * g[0]) / determinant];
    }

    private static double Distance(double[] a, double[] b) => Math.Sqrt(Math.Pow(a[0] - b[0], 2) + Math.Pow(a[1] - b[1], 2));

    private static Plot Surface(string title, Descended run)
    {
        double[] first = Fit.Grid(-3, 6, 61), second = Fit.Grid(-6, 6, 61);
        var surface = Fit.Surface(
            first, second, (a, b) => Loss.Mse(run.X.MatMul(Tensor.From<double>([a, b], new Shape(2, 1))), run.Y).Item<double>() + 1e-3);
        return new Plot($"{title}: {run.Steps} steps")
        {
            XLabel = "w₁", YLabel = "w₂", ZLabel = "error", ZScale = AxisScale.Log, Width = 480, Height = 420,
        }
            .Contour(first, second, surface, levels: 12)
            .Line(
            [.. run.Path.Take(30).Select(p => p[0])], [.. run.Path.Take(30).Select(p => p[1])], "descent, first steps", color: 1,
            markers: true);
    }
}

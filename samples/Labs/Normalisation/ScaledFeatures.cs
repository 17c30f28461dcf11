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
        Gradient descent needs a rate that is safe across it, and then creeps along it: even with the best rate the steps to the bottom grow
        with the condition number of the Hessian. Standardised features make the surface round, and one knows the steps beforehand: few.
        """;

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
            + "Thirty steps cross the valley thirty times and hardly go along it; on the round surface the gradient points at the bottom.");
        lab.Figure(
            new Plot("Distance to the bottom") { XLabel = "step", YLabel = "distance", XScale = AxisScale.Log, YScale = AxisScale.Log }
            .Line(Places(unscaled), Distances(unscaled), "features as they come")
            .Line(Places(round), Distances(round), "standardised features", markers: true),
            "Both axes are logarithmic. Each step leaves (κ − 1) / (κ + 1) of the distance.");
        lab.Check(
            $"condition number {unscaled.Condition:0} before, {round.Condition:0.0} after", unscaled.Condition / round.Condition,
            atLeast: 50);
        lab.Check($"{unscaled.Steps} steps before, {round.Steps} after", (double)unscaled.Steps / round.Steps, atLeast: 50);
        // The theory: each step leaves (κ − 1) / (κ + 1) of the distance.
        double foretold = Math.Log(Tolerance) / Math.Log((unscaled.Condition - 1) / (unscaled.Condition + 1));
        lab.Check($"the condition number foretells {foretold:0} steps", unscaled.Steps / foretold, atLeast: 0.8, atMost: 1.2);
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

using DeepNet.Labs.Kit;

namespace DeepNet.Labs.CriticalPoints;

internal sealed class MinimumRatio : Lab
{
    public override int Number => 8;

    public override string Name => "minimum-ratio";

    public override string Title => "The higher the loss at a critical point, the more directions still lead down";

    public override string Claim => """
        Critical points of a small network are found by minimising the length of the gradient, from many starts. At each the minimum ratio
        is the share of positive eigenvalues of the Hessian: 1 at a minimum. Points with a high loss have small ratios, so there are many
        ways on; only near the lowest loss is the ratio near 1. What stops training high up is a saddle and hardly ever a bad minimum.
        """;

    public override IReadOnlyList<string> Mutations => ["negative eigenvalues counted"];

    public override void Run(LabContext lab)
    {
        bool negative = lab.Mutated("negative eigenvalues counted");
        var x = Tensor.Linspace(-2, 2, 20, DType.Float64).Reshape(20, 1);
        var y = (1.5 * x).Sin() + 0.3 * x.Square();
        var found = new List<CriticalPoint>();
        foreach (int start in lab.Steps(lab.Pick(full: 120, reduced: 40)))
        {
            // The network 1-4-1, from weights of very different sizes; a little weight decay makes critical points isolated.
            var model = Networks.Mlp([1, 4, 1], () => new Tanh());
            model.To(DType.Float64);
            foreach (var p in model.Parameters()) Init.Normal(p.Value, 0, 0.3 + 2 * lab.Random.NextDouble(), lab.Random);
            var weights = model.Parameters();
            Tensor LossOf() => weights.Aggregate(Loss.Mse(model.Forward(x), y), (sum, p) => sum + 0.01 * p.Value.Square().Sum());
            var objective = new Objective(LossOf, model);
            // Descent for a while, longer and longer: the search that follows finds points at all heights.
            int[] descents = [0, 0, 20, 400];
            var optimizer = new Adam(model.Parameters(), learningRate: 0.05);
            for (int step = 0; step < descents[start % descents.Length]; step++)
            {
                optimizer.ZeroGrad();
                LossOf().Backward();
                optimizer.Step();
            }
            var point = CriticalPointSearch.Find(
                objective, new() { MaxSteps = 30, GradientTolerance = 1e-6 }, cancellation: lab.Cancellation);
            if (point.IsConverged) found.Add(point);
        }

        // The same point is found many times, also with its neurons in another order: points of equal loss count once.
        var points = found.OrderBy(p => p.Loss).DistinctBy(p => Math.Round(p.Loss, 5)).ToArray();
        double[] losses = [.. points.Select(p => p.Loss)], ratios = [.. points.Select(p => negative ? 1 - p.MinimumRatio : p.MinimumRatio)];
        lab.Print($"{found.Count} searches ended at a critical point, at {points.Length} different ones.");
        lab.Table(
            ["loss", "positive", "negative", "minimum ratio", "kind"],
            points.Where((_, i) => i % Math.Max(1, points.Length / 12) == 0)
                .Select(
                    p => (string[])[$"{p.Loss:0.0000}", $"{p.Signs.Positive}", $"{p.Signs.Negative}", $"{p.MinimumRatio:0.00}",
                        $"{p.Kind}"]));
        lab.Figure(
            new Plot("Critical points of the network 1-4-1")
            {
                XLabel = "minimum ratio (share of positive eigenvalues)", YLabel = "loss", YScale = AxisScale.Log,
            }
                .Scatter(ratios, losses),
            "One dot for each critical point. Minima are at the right edge, and lie low; what lies high is a saddle.");

        double correlation = RankCorrelation(losses, ratios);
        lab.Check(
            $"rank correlation of loss and minimum ratio over {points.Length} critical points: {correlation:0.00}", correlation,
            atMost: -0.8);
        lab.Check($"the lowest has ratio {ratios[0]:0.00}", ratios[0], atLeast: 1);
        lab.Check($"the highest {ratios[^1]:0.00}", ratios[^1], atMost: 0.75);
    }

    /// <summary>The correlation of places in order (Spearman's); equal values share their places.</summary>
    private static double RankCorrelation(double[] a, double[] b)
    {
        static double[] Ranks(double[] v) => Array.ConvertAll(v, x => v.Count(y => y < x) + (v.Count(y => y == x) - 1) / 2.0);
        double[] x = Ranks(a), y = Ranks(b);
        return Fit.Slope(x, y) * Math.Sqrt(x.Sum(v => Math.Pow(v - x.Average(), 2)) / y.Sum(v => Math.Pow(v - y.Average(), 2)));
    }
}

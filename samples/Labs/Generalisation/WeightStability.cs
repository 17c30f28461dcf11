using DeepNet.Labs.Kit;

namespace DeepNet.Labs.Generalisation;

/// <summary>Weights under other data of the same kind.</summary>
internal sealed class WeightStability : Lab
{
    public override string Name => "weight-stability";

    public override string Title => "With weight decay the weights change less when the data change";

    public override string Claim => """
        The same model is fitted to many samples of the same world. Where features say nearly the same, its weights come out otherwise each
        time. A moderate L2 penalty cuts these changes to less than half and makes the answers for new inputs better at once. L1 is less
        stable at its own best strength, because it picks one of two twins by chance. Too much penalty is stable and wrong.
        """;

    public override string Question => "Two features are nearly equal: which penalty gives the same weights again for other data?";

    public override Guess? Guess => new(
        [
            "L1: it keeps one of the two and drops the other",
            "L2: it shares the weight between the two",
            "Neither: weights depend on the data alone",
        ],
        Right: 1);

    public override string Explanation => """
        Least squares has the variance $\mathrm{Var}(\mathbf{w}) = \sigma^2 (X^T X)^{-1}$. Two nearly equal features make $X^T X$ nearly
        singular: the sum of their weights is well determined, their difference is not, because the answers hardly depend on it. Noise
        then pushes one weight up and the other down, by amounts that other data would not repeat.

        The penalty $\lambda |\mathbf{w}|^2$ adds $\lambda$ to each eigenvalue: a direction with eigenvalue $d^2$ keeps the share
        $\frac{d^2}{d^2 + \lambda}$. It acts most where the data say least. The bias is small as long as $\lambda$ is far below the large
        eigenvalues, and the variance gained back is large. That is why the test error falls.

        For twins $w_1 + w_2 = s$, L2 prefers $w_1 = w_2 = s/2$, the point of least $w_1^2 + w_2^2$. L1 has the same value $|w_1| + |w_2|$
        everywhere between $(s, 0)$ and $(0, s)$, so the noise decides. Zeros that L1 makes are a fair choice of features only when features
        are not alike. Stability is not truth, though: for $\lambda \to \infty$ all weights are zero whatever the data are.
        """;

    public override string Falsified => """
        Weights that vary as much with the best L2 penalty as without, an L1 that is as stable as L2 at the best strength of each, or a
        test error that the best L2 penalty does not lower.
        """;

    public override IReadOnlyList<string> Next => ["l1-l2", "map-is-weight-decay", "effective-dimension"];

    public override void Example(TextWriter output)
    {
        // Two features that are nearly equal; y is their sum and noise. Five samples of 30 examples.
        Generator.SetSeed(1);
        foreach (double lambda in new[] { 0.0, 3 })
            for (int sample = 0; sample < 5; sample++)
            {
                var shared = Tensor.Randn(new Shape(30, 1), DType.Float64);
                var x = shared + 0.1 * Tensor.Randn(new Shape(30, 2), DType.Float64);
                var y = x.Sum(1, keepDim: true) + Tensor.Randn(new Shape(30, 1), DType.Float64);
                var w = Linalg.Solve(x.T.MatMul(x) + lambda * Tensor.Eye(2, dtype: DType.Float64), x.T.MatMul(y)).ToArray<double>();
                output.WriteLine($"penalty {lambda}, sample {sample + 1}: weights {w[0]:0.0} and {w[1]:0.0}");
            }
    }

    public override IReadOnlyList<string> Mutations => ["no penalty", "uncorrelated features"];

    private const int Features = 8, Count = 30;

    private sealed record Outcome(double[] Mean, double[] Deviation, double Error)
    {
        /// <summary>Gets the root mean square of the weights' deviations.</summary>
        public double Change => Math.Sqrt(Deviation.Average(d => d * d));
    }

    public override void Run(LabContext lab)
    {
        double shared = lab.Mutated("uncorrelated features") ? 0 : 0.95;
        double scale = lab.Mutated("no penalty") ? 0 : 1;
        int samples = lab.Pick(full: 200, reduced: 80);
        double[] truth = [1, 1, 0, 0, -1, -1, 0, 0];
        var (x, y) = Draw(samples, Count);
        var (newX, newY) = Draw(1, 2000);
        double[] strengths = [0, 0.003, 0.01, 0.03, 0.1, 0.3, 1, 3], sparseStrengths = [0.1, 0.3, 1, 3];
        Outcome[] l2 = [.. strengths.Select(s => Of(Ridge(s * scale)))], l1 = [.. sparseStrengths.Select(s => Of(Lasso(s * scale)))];
        Outcome none = l2[0], best = l2.MinBy(o => o.Error)!, sparse = l1.MinBy(o => o.Error)!;

        string[] places = [.. Enumerable.Range(1, Features).Select(f => $"{f}")];
        lab.Table(
            ["penalty", "deviation of a weight between samples", "test error"],
            [Row("none", none), Row("L2, best strength", best), Row("L1, best strength", sparse), Row("L2, much too strong", l2[^1])]);
        var weights = new Plot("Weights, mean and deviation over the samples")
        {
            XLabel = "feature (1 and 2, 3 and 4 … are twins)", YLabel = "weight", Width = 620, Legend = LegendPlace.Below,
        };
        foreach (var (name, o) in new[] { ("no penalty", none), ("L2", best), ("L1", sparse) })
            weights.Bar(places, o.Mean, name, errors: o.Deviation);
        double[] axis = strengths[1..];
        lab.Figure(
            new PlotGrid(null, 2, weights,
                new Plot("L2")
                {
                    XLabel = "strength of the penalty", XScale = AxisScale.Log, YMin = 0, YMax = 2, Width = 460, Legend = LegendPlace.Below,
                }
                    .Line(axis, [.. l2.Skip(1).Select(o => o.Change)], "deviation of a weight", markers: true)
                    .Line(axis, [.. l2.Skip(1).Select(o => o.Error)], "test error", markers: true)
                    .HorizontalLine(none.Error, "test error, no penalty")),
            $"{samples} samples of {Count} examples. Without a penalty one twin goes up and the other down, each time otherwise.");
        lab.Check($"L2 cuts the deviation of the weights to {best.Change / none.Change:P0}", best.Change / none.Change, atMost: 0.6);
        lab.Check($"and the test error to {best.Error / none.Error:P0}", best.Error / none.Error, atMost: 0.95);
        lab.Check($"L1 leaves {sparse.Change / best.Change:0.0} times L2's deviation", sparse.Change / best.Change, atLeast: 1.15);
        lab.Check($"the strongest L2 leaves {l2[^1].Change / none.Change:P0}, with a test error of {l2[^1].Error / none.Error:P0}",
            l2[^1].Error / none.Error, atLeast: 1.2);

        static string[] Row(string name, Outcome o) => [name, $"{o.Change:0.00}", $"{o.Error:0.00}"];

        // Twins share most of what they say.
        (Tensor X, Tensor Y) Draw(int sets, int count)
        {
            Tensor Random(int columns) => Tensor.Randn(new Shape(sets, count, columns), generator: lab.Random);
            var inputs = Math.Sqrt(shared) * Random(Features / 2).RepeatInterleave(2, 2) + Math.Sqrt(1 - shared) * Random(Features);
            return (inputs, inputs.MatMul(Tensor.From<float>([.. truth.Select(t => (float)t)]).Reshape(Features, 1)) + Random(1));
        }
        // Both minimise the mean squared error plus the penalty, for all samples at once.
        Tensor Ridge(double strength)
        {
            var t = x.Transpose(1, 2);
            return Linalg.Solve(t.MatMul(x) + Count * strength / 2 * Tensor.Eye(Features), t.MatMul(y));
        }
        Tensor Lasso(double strength)
        {
            var w = new Parameter(Tensor.Zeros(new Shape(samples, Features, 1)));
            Descent.Run(
                new Sgd([w], 0.05, momentum: 0.9) { L1 = strength, ProximalL1 = true }, lab.Steps(lab.Pick(full: 600, reduced: 300)),
                () => (x.MatMul(w.Value) - y).Square().Mean(1).Sum());
            return w.Value.Detach();
        }
        Outcome Of(Tensor solved)
        {
            var w = solved.Squeeze(2).To(DType.Float64);
            return new(
                w.Mean(0).ToArray<double>(), w.Std(0).ToArray<double>(),
                (newX[0].To(DType.Float64).MatMul(w.T) - newY[0]).Square().Mean().Item<double>());
        }
    }
}

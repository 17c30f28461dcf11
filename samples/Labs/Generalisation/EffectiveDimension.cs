using DeepNet.Labs.Kit;

namespace DeepNet.Labs.Generalisation;

/// <summary>The number of parameters that a penalty leaves.</summary>
internal sealed class EffectiveDimension : Lab
{
    public override string Name => "effective-dimension";

    public override string Title => "Nominal and effective number of parameters";

    public override string Claim => """
        A linear model of 40 weights has 40 parameters by name. With an L2 penalty it acts as one of fewer: the effective number is the
        trace of the matrix that turns labels into answers. The same number says how strongly the answers follow the noise of the labels,
        and how much smaller the training error is than the test error. For features that come from three causes, the best penalty leaves
        a few of the 40.
        """;

    public override string Question => "A model with 40 weights is trained with an L2 penalty: how many parameters does it have?";

    public override Guess? Guess => new(
        [
            "40: the penalty makes weights small, but none zero",
            "Fewer, and the number need not be whole",
            "As many as weights above a threshold",
        ],
        Right: 1);

    public override string Explanation => """
        The answers of ridge regression are linear in the labels, $\hat{\mathbf{y}} = S\mathbf{y}$ with $S = X (X^T X + \lambda I)^{-1}
        X^T$. In the directions of the singular vectors of $X$, with singular values $d_j$, it only shrinks: its trace is $\mathrm{df} =
        \sum_j \frac{d_j^2}{d_j^2 + \lambda}$. Each direction counts between 0 and 1: fully where the data vary much, $d_j^2 \gg \lambda$,
        and not at all where they hardly vary. Without a penalty it is the number of weights.

        It is more than a formula. $\mathrm{df} = \frac{1}{\sigma^2} \sum_i \mathrm{Cov}(\hat{y}_i, y_i)$ measures how much the answers
        follow labels, noise included, and needs no linear model. The error on new labels exceeds that on the training labels by exactly
        $2 \sigma^2 \mathrm{df} / n$ on average. What over-fits is the effective number, not the nominal one.

        With 40 features from three causes, three directions have large $d_j$ and the others hold measurement noise. Between them there is
        a wide gap, so a $\lambda$ within it keeps three parameters and drops the rest. Images are alike: many pixels, few directions.
        This is one reason why networks with more weights than examples need not over-fit.
        """;

    public override string Falsified => """
        Covariances, or a gap between test and training error, that differ from what the trace says by more than their noise; or a best
        penalty that leaves more than a quarter of the weights.
        """;

    public override IReadOnlyList<string> Next => ["dimensions", "fewer-features", "l1-l2"];

    public override void Example(TextWriter output)
    {
        // Forty features made of three causes, and a little noise.
        Generator.SetSeed(1);
        const int features = 40;
        var x = Tensor.Randn(new Shape(60, 3), DType.Float64).MatMul(Tensor.Randn(new Shape(3, features), DType.Float64))
            + 0.1 * Tensor.Randn(new Shape(60, features), DType.Float64);
        foreach (double lambda in new[] { 0, 0.1, 1, 10, 100, 1000 })
        {
            var gram = x.T.MatMul(x) + lambda * Tensor.Eye(features, dtype: DType.Float64);
            // Turns labels into answers.
            var answers = x.MatMul(Linalg.Solve(gram, x.T));
            output.WriteLine($"λ = {lambda}: {answers.Diagonal().Sum().Item<double>():0.0} effective parameters of {features}");
        }
    }

    public override IReadOnlyList<string> Mutations => ["uncorrelated features", "noise that was not fitted"];

    private const int Count = 60, Features = 40, Causes = 3;
    private const double Noise = 1;

    public override void Run(LabContext lab)
    {
        int draws = lab.Pick(full: 4000, reduced: 2000);
        double[] strengths = lab.Pick<double[]>([0.01, 0.1, 1, 10, 100, 1000, 10_000], [0.01, 1, 100, 10_000]);
        Tensor Random(int rows, int columns) => Tensor.Randn(new Shape(rows, columns), DType.Float64, generator: lab.Random);
        var x = lab.Mutated("uncorrelated features")
            ? Random(Count, Features)
            : Random(Count, Causes).MatMul(Random(Causes, Features)) + 0.1 * Random(Count, Features);
        var truth = x.MatMul(0.2 * Random(Features, 1));
        // Each noise once with either sign, so that what is not about noise cancels.
        Tensor half = Noise * Random(Count, draws / 2), noise = Tensor.Cat([half, -half], 1), other = Noise * Random(Count, draws);
        double variance = noise.Square().Mean().Item<double>();     // as it was drawn
        double[] singular = Linalg.Svdvals(x).ToArray<double>();
        double[] trace = [.. strengths.Select(s => singular.Sum(d => d * d / (d * d + s)))],
            followed = new double[strengths.Length], gap = new double[strengths.Length],
            train = new double[strengths.Length], test = new double[strengths.Length];
        for (int i = 0; i < strengths.Length; i++)
        {
            using var scope = Memory.Scope();
            var fits = x.MatMul(Linalg.Solve(x.T.MatMul(x) + strengths[i] * Tensor.Eye(Features, dtype: DType.Float64), x.T))
                .MatMul(truth + noise);
            var seen = lab.Mutated("noise that was not fitted") ? other : noise;
            followed[i] = (fits * seen).Sum(0).Mean().Item<double>() / variance;
            train[i] = (fits - truth - noise).Square().Mean().Item<double>();
            test[i] = (fits - truth - other).Square().Mean().Item<double>();
            gap[i] = (test[i] - train[i]) * Count / (2 * Noise * Noise);
        }
        lab.Table(
            ["λ", "effective number: trace", "by covariances", "by the gap of errors", "training error", "test error"],
            strengths.Select(
                (s, i) => (string[])[$"{s}", $"{trace[i]:0.0}", $"{followed[i]:0.0}", $"{gap[i]:0.0}", $"{train[i]:0.00}",
                    $"{test[i]:0.00}"]));
        lab.Figure(
            new PlotGrid(null, 2,
                new Plot("Effective number of parameters")
                {
                    XLabel = "λ", YLabel = "number", XScale = AxisScale.Log, YMin = 0, YMax = Features + 2, Width = 520,
                    Legend = LegendPlace.Below,
                }
                    .Line(strengths, trace, "trace").Scatter(strengths, followed, "by covariances", size: 9)
                    .Scatter(strengths, gap, "by the gap of errors", size: 6).HorizontalLine(Features, "nominal"),
                new Plot("Errors")
                {
                    XLabel = "λ", YLabel = "mean squared error", XScale = AxisScale.Log, YMin = 0, YMax = 2.5, Width = 520,
                    Legend = LegendPlace.Below,
                }
                    .Line(strengths, train, "training", markers: true).Line(strengths, test, "test", markers: true)),
            $"{draws} times new noise on the labels of the same {Count} inputs. Each point is one strength of the penalty.");
        double offFollowed = Off(followed), offGap = Off(gap);
        lab.Check($"the answers follow the labels as the trace says, within {offFollowed:0.00} of {Features}", offFollowed, atMost: 0.6);
        lab.Check($"the gap of errors as well, within {offGap:0.00}", offGap, atMost: 0.7);
        double best = trace[Array.IndexOf(test, test.Min())];
        lab.Check($"the best penalty leaves {best:0.0} of {Features} parameters", best, atLeast: 2, atMost: Features / 4.0);

        double Off(double[] measured) => measured.Zip(trace, (m, t) => Math.Abs(m - t)).Max();
    }
}

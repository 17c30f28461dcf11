using DeepNet.Labs.Kit;

namespace DeepNet.Labs.CriticalPoints;

internal sealed class SaddlesOutnumber : Lab
{
    public override string Name => "saddles-outnumber";

    public override string Title => "The more dimensions, the rarer minima are among critical points";

    public override string Claim => """
        A critical point is a minimum only if the surface bends up in every direction. If each direction did so independently with
        probability one half, the share of minima would be 1 in 2ⁿ. For random symmetric matrices it is smaller still: their eigenvalues
        repel each other, and the probability that all are positive falls like e to the power of −n²·(ln 3)/4. The critical points of a
        random function of n variables behave alike: with one variable half of them are minima, with five nearly none.
        """;

    public override string Question => "Which share of the critical points of a random function of n variables are minima?";

    public override Guess? Guess => new(
        [
            "About a third, in any dimension: minima, maxima and saddles are alike frequent",
            "About 1 in 2ⁿ: each direction bends up or down by chance",
            "Fewer than 1 in 2ⁿ, because eigenvalues repel each other",
        ],
        Right: 2);

    public override string Explanation => """
        Along the eigenvectors of the Hessian the surface is $\frac{1}{2} \sum_k \lambda_k v_k^2$, so a critical point is a minimum
        exactly if all $n$ eigenvalues are positive. With independent signs of equal probability this has the probability $2^{-n}$.

        The eigenvalues of one matrix are not independent. For random symmetric matrices with Gaussian entries their joint density has the
        factor $\prod_{i < j} |\lambda_i - \lambda_j|$, which is zero where two coincide: they keep apart and spread over both sides of
        zero. Two eigenvalues are both positive in 14.6 % of the cases and not in 25 %, and for large $n$ the probability falls as
        $e^{-\frac{\log 3}{4} n^2}$.

        The loss of a network is not a random function: where it is low, the spectrum of its Hessian is shifted to the positive side, and
        minima are found there. What carries over is the order of magnitude. At a critical point of high loss, nearly always some of
        millions of directions lead down, so that saddles and plateaus, and not bad local minima, are what slows training.
        """;

    public override string Falsified => """
        A share of matrices with positive eigenvalues only that falls no faster than 2⁻ⁿ, or random functions of five variables with
        minima at more than a tenth of their critical points.
        """;

    public override IReadOnlyList<string> Next => ["minimum-ratio", "saddle", "dimensions"];

    public override void Example(TextWriter output)
    {
        var generator = new Generator(1);
        const int count = 20_000;
        for (int n = 1; n <= 5; n++)
        {
            var a = Tensor.Randn(new Shape(count, n, n), DType.Float64, generator: generator);
            var smallest = Linalg.Eigvalsh(a + a.Transpose(1, 2)).Min(1);
            double share = (smallest > 0).To(DType.Float64).Mean().Item<double>();
            output.WriteLine($"{n}×{n}: all eigenvalues positive in {share:P2}, independent signs would give {Math.Pow(2, -n):P2}");
        }
    }

    public override IReadOnlyList<string> Mutations => ["a multiple of the identity added", "bends of one direction for all"];

    public override void Run(LabContext lab)
    {
        int trials = lab.Pick(full: 40_000, reduced: 8000);
        int[] dimensions = [1, 2, 3, 4];
        double[] axis = [.. dimensions.Select(n => (double)n)];
        double[] matrices = [.. dimensions.Select(n => ShareOfMinima(RandomMatrices(lab, n, trials)))];
        double[] independent = [.. axis.Select(n => Math.Pow(2, -n))];
        // The rate at which the logarithm falls with n², between the first and the last.
        double rate = -(Math.Log(matrices[^1]) - Math.Log(matrices[0])) / (axis[^1] * axis[^1] - axis[0] * axis[0]);

        int[] functionDimensions = [1, 2, 3, 5];
        var found = functionDimensions.Select(n => CriticalPointsOf(lab, n)).ToArray();
        double[] functions = [.. found.Select(kinds => kinds.Average(k => k == CriticalPointKind.Minimum ? 1.0 : 0))];

        lab.Table(
            ["dimensions", "positive matrices", "independent directions would give"],
            dimensions.Select((n, i) => (string[])[$"{n}", $"{matrices[i]:P2}", $"{independent[i]:P2}"]));
        lab.Table(
            ["variables", "critical points found", "minima", "saddles"],
            functionDimensions.Select((n, i) => (string[])[
                $"{n}", $"{found[i].Count}", $"{functions[i]:P0}",
                    $"{found[i].Average(k => k == CriticalPointKind.Saddle ? 1.0 : 0):P0}"]));
        lab.Figure(
            new Plot("Share of minima among critical points")
            {
                XLabel = "dimensions n", YLabel = "share", YScale = AxisScale.Log, YMin = 1e-4, YMax = 1,
            }
                .Line(axis, [.. matrices.Select(m => Math.Max(m, 1e-5))], "random symmetric matrices", markers: true)
                .Line(axis, independent, "2⁻ⁿ", LineStyle.Dashed)
                .Line(
                    [.. functionDimensions.Select(n => (double)n)], [.. functions.Select(f => Math.Max(f, 1e-4))],
                    "critical points of random functions", markers: true),
            "With each dimension minima are rarer, and rarer than if the directions were independent.");
        lab.Check($"of matrices 1×1 {matrices[0]:P0} are positive", matrices[0], atLeast: 0.45, atMost: 0.55);
        lab.Check($"of 4×4 {matrices[^1]:P2}, fewer than 1 in 16", matrices[^1], atMost: 0.02);
        lab.Check($"the share falls as e to −{rate:0.00}n² (in the limit −{Math.Log(3) / 4:0.00})", rate, atLeast: 0.2, atMost: 0.5);
        lab.Check($"of the critical points of a function of one variable {functions[0]:P0} are minima", functions[0], atLeast: 0.35,
            atMost: 0.65);
        lab.Check($"of five {functions[^1]:P0}", functions[^1], atMost: 0.1);
    }

    private static Tensor RandomMatrices(LabContext lab, int n, int count)
    {
        var a = Tensor.Randn(new Shape(count, n, n), DType.Float64, generator: lab.Random);
        var symmetric = a + a.Transpose(1, 2);
        if (lab.Mutated("a multiple of the identity added")) symmetric += 8 * Tensor.Eye(n, dtype: DType.Float64);
        return lab.Mutated("bends of one direction for all") ? symmetric[.., ..1, ..1] * Tensor.Eye(n, dtype: DType.Float64) : symmetric;
    }

    private static double ShareOfMinima(Tensor matrices)
        => (Linalg.Eigvalsh(matrices).Min(1) > 0).To(DType.Float64).Mean().Item<double>();

    /// <summary>Critical points of sums of thirty waves with random directions, found from random starts.</summary>
    private static List<CriticalPointKind> CriticalPointsOf(LabContext lab, int n)
    {
        const int waves = 30;
        var kinds = new List<CriticalPointKind>();
        int starts = lab.Pick(full: 200, reduced: 60);
        var direction = Tensor.Randn(new Shape(waves, n), DType.Float64, generator: lab.Random);
        var phase = Tensor.Uniform(new Shape(waves), 0, 2 * Math.PI, DType.Float64, generator: lab.Random);
        foreach (int _ in lab.Steps(starts))
        {
            var x = new Parameter(Tensor.Uniform(new Shape(n), -10, 10, DType.Float64, generator: lab.Random));
            var point = CriticalPointSearch.Find(
                new Objective(() => (direction.MatMul(x.Value) + phase).Cos().Sum(), [x]),
                new() { MaxSteps = 60, GradientTolerance = 1e-6 }, cancellation: lab.Cancellation);
            if (point.IsConverged) kinds.Add(point.Kind);
        }
        return kinds;
    }
}

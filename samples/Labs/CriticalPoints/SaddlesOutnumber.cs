using DeepNet.Labs.Kit;

namespace DeepNet.Labs.CriticalPoints;

internal sealed class SaddlesOutnumber : Lab
{
    public override string Name => "saddles-outnumber";

    public override string Title => "The more dimensions, the rarer minima are among critical points";

    public override string Claim => """
        A critical point is a minimum only if the surface bends up in every direction. If each direction bent up with a chance of one half
        by itself, that would be 1 in 2ⁿ. Random symmetric matrices are rarer still: their eigenvalues repel each other, and the chance
        that all are positive falls like e to the power of −n²·(ln 3)/4. The critical points of a random function of n variables do as the
        matrices do: in one dimension half of them are minima, in five nearly none.
        """;

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
                .Line(axis, [.. matrices.Select(m => Math.Max(m, 1e-5))], "random symmetric matrices, all eigenvalues positive",
                    markers: true)
                .Line(axis, independent, "2⁻ⁿ", LineStyle.Dashed)
                .Line(
                    [.. functionDimensions.Select(n => (double)n)], [.. functions.Select(f => Math.Max(f, 1e-4))],
                    "critical points of random functions", markers: true),
            "With each dimension minima are rarer, and rarer than if directions did not know of each other.");
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

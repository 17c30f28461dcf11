using DeepNet.Labs.Kit;

namespace DeepNet.Labs.Losses;

/// <summary>The loss of the smallest network with a hidden unit is not convex.</summary>
internal sealed class TinyNetworkSurface : Lab
{
    public override int Number => 23;

    public override string Name => "one-one-one";

    public override string Title => "The 1-1-1 network: two weights, two valleys, a saddle between them";

    public override string Claim =>
        "The loss of y = w₂ tanh(w₁x) is not convex, under squared error and under cross-entropy alike: at the origin its Hessian has one "
            + "positive and one negative eigenvalue, "
        + "and half way between two equally good minima the loss is higher.";

    public override IReadOnlyList<string> Mutations => ["no hidden unit", "no data but x = 0"];

    private static readonly double[] Inputs = [-2, -1, 1, 2], Targets = [-1, -1, 1, 1];

    public override void Run(LabContext lab)
    {
        bool isLinear = lab.Mutated("no hidden unit");
        var x = Tensor.From<double>(lab.Mutated("no data but x = 0") ? [0, 0, 0, 0] : Inputs);
        var y = Tensor.From<double>(Targets);
        var plots = new List<Plot>();
        foreach (bool isSquares in new[] { true, false })
        {
            string name = isSquares ? "squared error" : "cross-entropy";
            // Both read the same output: as a number that should be ±1, or as the log-odds of the class.
            Tensor LossOf(Tensor w1, Tensor w2)
            {
                var output = isLinear ? w1 * x + w2 : w2 * (w1 * x).Tanh();
                return isSquares ? Loss.Mse(output, y) : Loss.BceWithLogits(output, (y + 1) / 2);
            }
            var (lowest, highest) = Curvatures(LossOf, 0, 0);
            // Off the diagonal stands −2·mean(xy) for squares, −mean(xy)/2 for cross-entropy, and on it 0: eigenvalues are ± that.
            double expected = Inputs.Zip(Targets, (a, b) => a * b).Average() * (isSquares ? 2 : 0.5);

            double At(double w1, double w2) => LossOf(Tensor.From(w1), Tensor.From(w2)).Item<double>();
            double middle = At(0, 0), ends = (At(1, 1) + At(-1, -1)) / 2;
            double[] grid = Fit.Grid(-2.4, 2.4, 13);
            double bent = grid.SelectMany(w1 => grid.Select(w2 => Curvatures(LossOf, w1, w2).Lowest < -1e-9 ? 1.0 : 0)).Average();

            lab.Print($"With {name} some direction bends downwards on {bent:P0} of the plane −2.4 … 2.4.");
            lab.Check(
                $"{name}: eigenvalues {lowest:0.##} and {highest:+0.##} at the origin",
                Math.Max(Math.Abs(lowest + expected), Math.Abs(highest - expected)), atMost: 1e-9);
            lab.Check($"the middle of the chord is {middle - ends:0.00} above its ends", middle - ends, atLeast: 0.1);

            double[] axis = Fit.Grid(-3, 3, 41);
            var surface = Fit.Surface(axis, axis, At);
            plots.Add(
                new Plot($"Surface, {name}") { XLabel = "w₁", YLabel = "w₂", ZLabel = "loss", Width = 480, Height = 400, Elevation = 40 }
                .Surface(axis, axis, surface));
            plots.Add(
                new Plot($"Contour, {name}")
                {
                    XLabel = "w₁", YLabel = "w₂", ZLabel = "loss", ZScale = AxisScale.Log, Width = 480, Height = 400, EqualAspect = true,
                }
                .Contour(axis, axis, surface, levels: 14)
                .Scatter([0], [0], "saddle", color: 1, size: 9).Line([-1, 1], [-1, 1], "chord", LineStyle.Dashed, color: 2));
        }
        lab.Figure(
            new PlotGrid(null, 2, plots),
            "The loss over both weights. Along the chord from (−1, −1) to (1, 1), two places that compute the same function, it goes up "
                + "and down again: not convex.");
    }

    /// <summary>The two eigenvalues of the loss's Hessian at a place.</summary>
    private static (double Lowest, double Highest) Curvatures(Func<Tensor, Tensor, Tensor> loss, double at1, double at2)
    {
        var (w1, w2) = (Tensor.From(at1).WithGrad(), Tensor.From(at2).WithGrad());
        var spectrum = HessianSpectrum.Full(new Objective(() => loss(w1, w2), w1, w2), vectors: false);
        return (spectrum.Values.Min(), spectrum.Values.Max());
    }
}

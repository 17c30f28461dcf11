using DeepNet.Labs.Kit;

namespace DeepNet.Labs.Depth;

/// <summary>A cliff in the loss, and a step that is not allowed to be long.</summary>
internal sealed class ExplosionAndClipping : Lab
{
    public override string Name => "clipping";

    public override string Title => "Exploding gradients and clipping";

    public override string Claim => """
        Through T equal steps of a recurrent network the gradient grows like wᵀ⁻¹ when w > 1, and the loss has cliffs. One step of gradient
        descent taken at a cliff throws the weights far away. With the gradient clipped to a fixed norm the step keeps its direction but not
        its length, and training converges.
        """;

    public override string Question => """
        What should be done when the gradient at a cliff of the loss is a thousand times larger than elsewhere?
        """;

    public override Guess Guess => new(
        [
            "Use a learning rate a thousand times smaller from the start",
            "Keep the gradient's direction and cut its norm to a fixed bound",
            "Skip the step, since such a gradient is an error of rounding",
            "Nothing: the steep slope only makes training faster",
        ],
        Right: 1);

    public override string Explanation => """
        A recurrent network applies the same weights at every step, so the gradient through $T$ steps is a product of $T$ nearly equal
        factors. For the linear recurrence $h_t = w h_{t-1}$ with $h_0 = 1$ it can be written down: $h_T = w^T$ and
        $\frac{\partial h_T}{\partial w} = T w^{T-1}$, which for $w = 1.2$ and $T = 50$ is about $4 \times 10^5$, and for $w < 1$ vanishes
        in the same way.

        With a nonlinear unit, $h_t = w \sigma(h_{t-1}) + b$, the state may settle at one of two values, and at the border between the two a
        tiny change of $w$ or $b$ decides which. There the loss rises like a wall. The gradient at the wall points in a useful direction,
        but its size says nothing about how far one may go: the linear approximation holds only over a very short distance.

        Clipping replaces $\mathbf{g}$ by $\mathbf{g} \cdot \min\left( 1, \frac{c}{|\mathbf{g}|} \right)$, so that no step is longer than
        $\eta c$. Away from the wall $|\mathbf{g}| < c$ and nothing changes, which is why a smaller learning rate for all steps is the worse
        cure. Clipping helps against explosion only; a vanishing gradient stays as small as it is.
        """;

    public override string Falsified => """
        A descent without clipping that crosses the wall without a long step and converges; or a clipped one whose steps are bounded by the
        rate and which still does not get down.
        """;

    public override IReadOnlyList<string> Next => ["vanishing", "lstm-gates", "initial-variance"];

    public override void Example(TextWriter output)
    {
        // The loss (w⁵⁰ − 1)² has its minimum at w = 1 and is very steep at the start, w = 1.2.
        foreach (double? clip in new double?[] { null, 1 })
        {
            var w = new Parameter(Tensor.From(1.2));
            var optimizer = new Sgd([w], learningRate: 0.001) { ClipNorm = clip };
            double longest = 0;
            for (int step = 0; step < 300; step++)
            {
                optimizer.ZeroGrad();
                var h = Tensor.From(1.0);
                for (int t = 0; t < 50; t++) h = w * h;
                (h - 1).Square().Backward();
                double before = w.Value.Item<double>();
                optimizer.Step();
                double after = w.Value.Item<double>();
                longest = Math.Max(longest, Math.Abs(after - before));
                if (!double.IsFinite(after) || Math.Abs(after) > 100) break;
            }
            string name = clip is null ? "not clipped" : "clipped to 1";
            output.WriteLine($"{name}: longest step {longest:G2}, w ends at {w.Value.Item<double>():G4}");
        }
    }

    public override IReadOnlyList<string> Mutations => ["clipping that never clips", "weight below 1"];

    private const int Steps = 50;              // of the recurrent unit
    private const double Target = 0.7, Rate = 0.1, StartW = 6, StartB = -2.25;

    public override void Run(LabContext lab)
    {
        // 1. h ← w·h, fifty times: the gradient of the last h by w is 50·w⁴⁹, a straight line on a logarithmic axis.
        double weight = lab.Mutated("weight below 1") ? 0.9 : 1.2;
        int[] lengths = [.. Enumerable.Range(1, 10).Select(i => 5 * i)];
        double[] slopes = [.. lengths.Select(length => ChainGradient(weight, length) / length)];
        double growth = Math.Exp(Math.Log(slopes[^1] / slopes[0]) / (lengths[^1] - lengths[0]));

        // 2. One unit with feedback, h ← w·σ(h) + b, is to be at 0.7 after fifty steps.
        int steps = lab.Pick(full: 800, reduced: 600);
        var free = Train(clip: null, lab.Steps(steps));
        var clipped = Train(clip: lab.Mutated("clipping that never clips") ? 1e9 : 1, lab.Steps(steps));

        // Both hop over the foot of the wall and back; of ten losses the least shows where they are going.
        static double[] Least(List<double> losses) => [.. losses.Chunk(10).Select(ten => ten.Min())];
        double[] tens = [.. Enumerable.Range(0, steps / 10).Select(i => 10.0 * i)];
        double[] ws = Fit.Grid(4, 7, 61), bs = Fit.Grid(-3.4, -1.4, 61);
        var surface = Fit.Surface(ws, bs, (w, b) => FinalLoss(Tensor.From(w), Tensor.From(b)).Item<double>());
        lab.Figure(
            new PlotGrid(null, 2,
                new Plot("A wall in the loss, and two descents")
                { XLabel = "feedback w", YLabel = "bias b", ZLabel = "loss", XMin = 4, XMax = 7, YMin = -3.4, YMax = -1.4, Width = 520 }
                    .Contour(ws, bs, surface, levels: 14)
                    .Line(free.W, free.B, "not clipped", LineStyle.Dashed, color: 1).Line(clipped.W, clipped.B, "clipped to 1", color: 2)
                    .Scatter([free.W[0]], [free.B[0]], "start", color: 3, size: 9),
                new Plot("Loss")
                {
                    XLabel = "step", YLabel = "loss, smallest of ten steps", YScale = AxisScale.Log, YMin = 1e-6, Width = 480,
                    Legend = LegendPlace.Below
                }
                    .Line(tens, Least(free.Loss), "not clipped", LineStyle.Dashed, color: 1)
                    .Line(tens, Least(clipped.Loss), "clipped to 1", color: 2)),
            "At the wall the gradient is huge. Without clipping one step leaves the figure; with clipping the descent zigzags along the "
                + "foot of the wall, down into the valley.");
        lab.Figure(
            new Plot("Gradient through a chain of equal steps") { XLabel = "steps T", YLabel = "gradient / T", YScale = AxisScale.Log }
            .Line([.. lengths.Select(l => (double)l)], slopes, $"w = {weight}", markers: true),
            $"The gradient of wᵀ by w, divided by T, is wᵀ⁻¹: each step multiplies it by w = {weight}.");
        lab.Check($"the gradient of a chain grows by a factor of {growth:0.000} at each step", growth, atLeast: 1.19, atMost: 1.21);
        lab.Check($"without clipping the longest step is {free.Longest:0.0}", free.Longest, atLeast: 1);
        lab.Check($"and the loss ends at {free.Loss[^1]:0.00}", free.Loss[^1], atLeast: 0.05);
        lab.Check($"with clipping the longest step is {clipped.Longest:0.0}", clipped.Longest, atMost: Rate * 1.001);
        lab.Check($"and the loss ends at {clipped.Loss[^1]:0.0e0}", clipped.Loss[^1], atMost: 1e-3);
    }

    private static double ChainGradient(double weight, int length)
    {
        var w = Tensor.From(weight).WithGrad();
        var h = Tensor.From(1.0);
        for (int t = 0; t < length; t++) h = w * h;
        return Autograd.Grad(h, w).Item<double>();
    }

    private static Tensor FinalLoss(Tensor w, Tensor b)
    {
        var h = Tensor.From(0.5);
        for (int t = 0; t < Steps; t++) h = w * h.Sigmoid() + b;
        return (h.Sigmoid() - Target).Square();
    }

    private sealed record Descended(List<double> W, List<double> B, List<double> Loss, double Longest);

    private static Descended Train(double? clip, IEnumerable<int> steps)
    {
        var (w, b) = (new Parameter(Tensor.From(StartW)), new Parameter(Tensor.From(StartB)));
        var optimizer = new Sgd([w, b], Rate) { ClipNorm = clip };
        var (ws, bs) = (new List<double> { StartW }, new List<double> { StartB });
        var losses = Descent.Run(optimizer, steps, _ => FinalLoss(w, b), _ =>
        {
            ws.Add(w.Value.Item<double>());
            bs.Add(b.Value.Item<double>());
        });
        double longest = Enumerable.Range(1, ws.Count - 1)
            .Max(i => Math.Sqrt(Math.Pow(ws[i] - ws[i - 1], 2) + Math.Pow(bs[i] - bs[i - 1], 2)));
        return new(ws, bs, losses, longest);
    }
}

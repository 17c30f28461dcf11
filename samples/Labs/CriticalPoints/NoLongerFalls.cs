using DeepNet.Labs.Kit;

namespace DeepNet.Labs.CriticalPoints;

internal sealed class NoLongerFalls : Lab
{
    public override string Name => "no-longer-falls";

    public override string Title => "A loss that no longer falls does not mean a gradient of zero";

    public override string Claim => """
        A valley has steep walls and a gentle floor, and the learning rate is too large for the walls. After a while the loss stands
        still, which looks like a critical point. But the gradient is as large as ever: the steps bounce from wall to wall above the
        floor, and a smaller learning rate makes the loss fall again at once. So look at the gradient before blaming saddles.
        """;

    public override string Question => "The loss has stood still for hundreds of steps: what does that say about the gradient?";

    public override Guess? Guess => new(
        [
            "It is zero: training has come to a critical point",
            "Nothing: it may be as large as at the start, with steps that bounce between two walls",
            "It is too small, and a larger learning rate is needed",
        ],
        Right: 1);

    public override string Explanation => """
        Close to the floor the walls of this valley have the curvature $\lambda = 100$, so that descent is stable only below $\eta = 2 /
        \lambda = 0.02$. At $\eta = 0.15$ it is not. Further up the walls are straight, with a slope of about 10, so the steps do not grow
        without end: they settle where a step of about $10 \eta$ leads to the same height on the other wall.

        From there on the loss is constant while the gradient keeps the size of the wall's slope and changes its sign at each step. The
        mean of two successive gradients is nearly zero, and that of their lengths is not. A critical point would show the opposite:
        $|\nabla L| \to 0$.

        The test is to print the length of the gradient and to lower the rate. If the loss falls again at once, the steps were too long;
        decay of the learning rate does this on purpose. With mini-batches the gradient never comes to zero anyway, because the noise of
        the batches remains; then look at the mean over many batches.
        """;

    public override string Falsified => """
        A gradient that goes to zero where the loss stands still, or a loss that does not fall when the rate is lowered.
        """;

    public override IReadOnlyList<string> Next => ["learning-rate", "schedules", "minimum-ratio"];

    public override void Example(TextWriter output)
    {
        // Walls like 10|y|, round at the bottom, on a floor that falls gently towards x = 0.
        static Tensor LossOf(Tensor p) => 0.05 * p[0].Square() + 10 * ((p[1].Square() + 0.01).Sqrt() - 0.1);
        var place = new Parameter(Tensor.From(-6.0, 0.8));
        var optimizer = new Sgd([place], learningRate: 0.15);
        for (int step = 0; step <= 800; step++)
        {
            if (step == 400) optimizer.LearningRate = 0.004;
            optimizer.ZeroGrad();
            var loss = LossOf(place.Value);
            loss.Backward();
            if (step % 100 == 0)
                output.WriteLine($"step {step,3}, rate {optimizer.LearningRate:0.000}: loss {loss.Item<double>():0.0000}, "
                    + $"gradient {place.Grad!.Norm().Item<double>():0.0000}");
            optimizer.Step();
        }
    }

    public override IReadOnlyList<string> Mutations => ["small steps from the start", "the rate is not lowered"];

    public override void Run(LabContext lab)
    {
        double large = lab.Mutated("small steps from the start") ? 0.004 : 0.15,
            small = lab.Mutated("the rate is not lowered") ? large : 0.004;
        const int phase = 400;

        // Walls like |y| that are round at the bottom, on a floor that falls slowly towards x = 0.
        static Tensor LossOf(Tensor p) => 0.05 * p[0].Square() + 10 * ((p[1].Square() + 0.01).Sqrt() - 0.1);
        var place = new Parameter(Tensor.From(-6.0, 0.8));
        var optimizer = new Sgd([place], large);
        List<double> losses = [], gradients = [];
        var path = new List<double[]>();
        foreach (int step in lab.Steps(2 * phase))
        {
            if (step == phase) optimizer.LearningRate = small;
            optimizer.ZeroGrad();
            var loss = LossOf(place.Value);
            loss.Backward();
            losses.Add(loss.Item<double>());
            gradients.Add(place.Grad!.Norm().Item<double>());
            path.Add(place.Value.ToArray<double>());
            optimizer.Step();
        }

        double fell = 1 - losses[phase - 1] / losses[phase / 2], share = gradients[phase - 1] / gradients[0];
        double after = losses[^1] / losses[phase - 1];
        lab.Table(
            ["", "loss", "length of the gradient"],
            [
                ["start", $"{losses[0]:0.000}", $"{gradients[0]:0.00}"],
                [$"step {phase / 2}", $"{losses[phase / 2]:0.000}", $"{gradients[phase / 2]:0.00}"],
                [$"step {phase}", $"{losses[phase - 1]:0.000}", $"{gradients[phase - 1]:0.00}"],
                [$"step {2 * phase}, rate {small} instead of {large}", $"{Say.Short(losses[^1])}", $"{Say.Short(gradients[^1])}"],
            ]);
        lab.Figure(
            new PlotGrid(
                null, 2,
                new Plot("both, step by step")
                {
                    XLabel = "step", YLabel = "loss, length of gradient", YScale = AxisScale.Log, Width = 520, Height = 380, YMin = 1e-6,
                }
                    .Line([.. losses.Select(l => Math.Max(l, 1e-6))], "loss")
                    .Line([.. gradients.Select(g => Math.Max(g, 1e-6))], "gradient").VerticalLine(phase, "smaller rate"),
                Valley(path[..40], path[phase..])),
            "First: the loss rests while the gradient stays at the size it had at the start; both fall when the rate is lowered. Second: "
                + "the first 40 steps bounce from wall to wall.");
        lab.Check($"from step {phase / 2} to {phase} the loss falls by {fell:P2}", fell, atLeast: -0.01, atMost: 0.01);
        lab.Check($"the gradient there has {share:P0} of its first length", share, atLeast: 0.5);
        lab.Check($"a smaller rate then takes the loss to {Say.Short(after)} of it", after, atMost: 0.05);
    }

    private static Plot Valley(List<double[]> bouncing, List<double[]> after)
    {
        double[] x = Fit.Grid(-7, 2, 46), y = Fit.Grid(-1, 1, 46);
        return new Plot("the path") { XLabel = "along the floor", YLabel = "across", Width = 460, Height = 380 }
            .Contour(x, y, Fit.Surface(x, y, (a, b) => 0.05 * a * a + 10 * (Math.Sqrt(b * b + 0.01) - 0.1)), levels: 12, filled: false)
            .Line([.. bouncing.Select(p => p[0])], [.. bouncing.Select(p => p[1])], "too large", color: 1, markers: true)
            .Line([.. after.Select(p => p[0])], [.. after.Select(p => p[1])], "after", color: 2);
    }
}

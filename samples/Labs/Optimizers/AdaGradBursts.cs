using DeepNet.Labs.Kit;

namespace DeepNet.Labs.Optimizers;

internal sealed class AdaGradBursts : Lab
{
    private const double Rate = 0.3, Start = -150, Slope = 0.02;

    public override string Name => "adagrad-bursts";

    public override string Title => "After a long flat stretch root-mean-square AdaGrad bursts; decay or warm-up prevents it";

    public override string Claim => """
        AdaGrad in its root-mean-square form divides each parameter's step by the root of the mean square of its gradients so far. In a
        long valley the direction across comes to rest early; from then on its gradients are tiny, their mean square shrinks, and the step
        across grows until it throws the point up the wall: a burst. A learning rate that decays keeps pace with the shrinking, but gets
        less far along the valley. A warm-up makes the mean contain more of the large gradients, and does not cost that.
        """;

    public override string Question
        => "AdaGrad divides by the root mean square of past gradients: what happens to a direction that has been at rest for long?";

    public override Guess? Guess => new(
        [
            "Nothing: its gradients are tiny, so its steps are",
            "Its steps shrink for ever, because the divisor grows",
            "Its divisor shrinks, its steps grow, and at some point they overshoot",
        ],
        Right: 2);

    public override string Explanation => """
        The divisor of a parameter is $\sigma_t = \sqrt{\frac{1}{t} \sum_{s \le t} g_s^2}$. Once the gradients across are nearly zero the
        sum stays at some $C$, and $\sigma_t \approx \sqrt{C / t}$ falls. The effective rate $\eta / \sigma_t$ rises as $\sqrt{t}$; across
        the valley, with the curvature $\lambda$, descent is unstable as soon as it exceeds $2 / \lambda$, so from about $t = \frac{4
        C}{\lambda^2 \eta^2}$ on.

        Then the tiny distance across grows at each step until its gradients are large enough to raise $\sigma_t$ again; the point calms
        down, and the game starts anew. With a rate that decays as $\eta / \sqrt{t}$ the quotient no longer grows. A warm-up takes small
        first steps, so that the direction across needs longer to come to rest and $C$ is larger: the burst is put off, here beyond the
        end of the run.

        AdaGrad as it was published divides by the root of the sum, which never shrinks, and has no bursts; its steps die away instead.
        RMSProp and Adam forget old gradients within some tens or thousands of steps, and therefore show the same effect: spikes of the
        loss late in training, against which a decaying rate helps as well.
        """;

    public override string Falsified => """
        No burst with the constant rate after the direction across has come to rest, or bursts of the same size with decay or warm-up.
        """;

    public override IReadOnlyList<string> Next => ["rmsprop", "schedules", "bias-correction"];

    public override void Example(TextWriter output)
    {
        foreach (bool decays in new[] { false, true })
        {
            var place = new Parameter(Tensor.From(-150.0, 1.0));
            var optimizer = new AdaGrad([place], new AdaGradOptions { LearningRate = 0.3, Scale = AdaGradScale.RootMean });
            var schedule = new Schedule(optimizer, decays ? new InverseSquareRoot(50) : new ConstantRate());
            var largest = new double[8];
            for (int step = 0; step < 800; step++)
            {
                // A long valley: its floor falls evenly along x, its walls rise as ½y².
                optimizer.ZeroGrad();
                (0.02 * (place.Value[0].Square() + 1).Sqrt() + 0.5 * place.Value[1].Square()).Backward();
                optimizer.Step();
                schedule.Step();
                largest[step / 100] = Math.Max(largest[step / 100], Math.Abs(place.Value[1].Item<double>()));
            }
            output.WriteLine($"{(decays ? "decaying" : "constant")} rate, largest distance across in each 100 steps: "
                + string.Join(", ", largest.Select(y => $"{y:0e+0}")));
        }
    }

    public override IReadOnlyList<string> Mutations => ["sum instead of mean", "no decay", "no warm-up"];

    public override void Run(LabContext lab)
    {
        const int steps = 800;
        var scale = lab.Mutated("sum instead of mean") ? AdaGradScale.RootSum : AdaGradScale.RootMean;
        Curve constant = new ConstantRate();
        (string Name, Curve Curve)[] curves =
        [
            ("constant rate", constant),
            ("decay 1/√t", lab.Mutated("no decay") ? constant : new InverseSquareRoot(50)),
            ("warm-up", lab.Mutated("no warm-up") ? constant : new WarmUp(100, constant)),
        ];
        var runs = curves.Select(c => Descend(lab, c.Curve, scale, steps)).ToArray();

        // How far from the floor of the valley: early, when all is quiet, and later.
        double Later(List<double[]> path) => path.Skip(steps / 5).Max(p => Math.Abs(p[1]));
        double Early(List<double[]> path) => path.Skip(20).Take(60).Max(p => Math.Abs(p[1]));
        lab.Table(
            ["", "distance across at steps 20 to 80", $"largest from step {steps / 5} on", "left to go along at the end"],
            curves.Zip(
                runs, (c, r) => (string[])[c.Name, $"{Say.Short(Early(r))}", $"{Say.Short(Later(r))}", $"{Math.Abs(r[^1][0]):0.0}"]));
        lab.Figure(
            Draw(curves, runs),
            "First: the paths over the surface, seen from above; the start is on the left, the lowest place at 0. Second: the distance "
                + "across "
                + "on a logarithmic axis. The constant rate is at rest, and then bursts again and again. The decaying rate stops short of "
                + "the lowest place.");
        lab.Check(
            $"with a constant rate the direction across rests at {Say.Short(Early(runs[0]))} and later bursts to {Later(runs[0]):0.00}",
            Later(runs[0]), atLeast: 0.3);
        lab.Check("before the burst it is at rest", Early(runs[0]), atMost: 0.01);
        lab.Check($"with decay the largest is {Say.Short(Later(runs[1]))}", Later(runs[1]), atMost: 1e-3);
        lab.Check($"with warm-up {Say.Short(Later(runs[2]))}", Later(runs[2]), atMost: 1e-3);
        lab.Check($"decay stops {Math.Abs(runs[1][^1][0]):0} of {-Start:0} short of the lowest place", Math.Abs(runs[1][^1][0]),
            atLeast: 20);
        lab.Check($"warm-up {Math.Abs(runs[2][^1][0]):0}", Math.Abs(runs[2][^1][0]), atMost: 5);
    }

    /// <summary>A valley: its floor falls evenly along x, its walls rise as ½y².</summary>
    private static List<double[]> Descend(LabContext lab, Curve curve, AdaGradScale scale, int steps)
    {
        var place = new Parameter(Tensor.From(Start, 1.0));
        var optimizer = new AdaGrad([place], new AdaGradOptions { LearningRate = Rate, Scale = scale });
        var schedule = new Schedule(optimizer, curve);
        var path = new List<double[]> { place.Value.ToArray<double>() };
        foreach (int _ in lab.Steps(steps))
        {
            optimizer.ZeroGrad();
            var p = place.Value;
            (Slope * (p[0].Square() + 1).Sqrt() + 0.5 * p[1].Square()).Backward();
            optimizer.Step();
            schedule.Step();
            path.Add(place.Value.ToArray<double>());
        }
        return path;
    }

    private static PlotGrid Draw((string Name, Curve Curve)[] curves, List<double[]>[] runs)
    {
        double[] along = Fit.Grid(Start - 5, 30, 61), wall = Fit.Grid(-2, 2, 41);
        var above = new Plot("the paths")
        {
            XLabel = "along the valley", YLabel = "across", Width = 480, Height = 380, XMin = Start - 5, XMax = 30, YMin = -2, YMax = 2,
        }
            .Contour(along, wall, Fit.Surface(along, wall, (a, b) => Slope * Math.Sqrt(a * a + 1) + 0.5 * b * b), levels: 14,
                filled: false);
        var across = new Plot("distance across")
        {
            XLabel = "step", YLabel = "|y|", YScale = AxisScale.Log, Width = 480, Height = 380, YMin = 1e-12, YMax = 10,
        };
        for (int i = 0; i < runs.Length; i++)
        {
            above.Line([.. runs[i].Select(p => p[0])], [.. runs[i].Select(p => p[1])], curves[i].Name, color: i);
            across.Line([.. runs[i].Select(p => Math.Max(Math.Abs(p[1]), 1e-12))], curves[i].Name, color: i);
        }
        return new PlotGrid(null, 2, above, across);
    }
}

using DeepNet.Labs.Kit;

namespace DeepNet.Labs.Optimizers;

internal sealed class MomentumIsMemory : Lab
{
    private const double Flat = 1, Steep = 100, Goal = 1e-20;

    public override string Name => "momentum";

    public override string Title => "Momentum is the weighted sum of all gradients so far, and runs along a ravine";

    public override string Claim => """
        With momentum λ a step is −η(gₜ + λgₜ₋₁ + λ²gₜ₋₂ + …): all gradients so far, the older the less. In a ravine the parts across
        change their sign and cancel, the parts along add up: at the very same rate momentum swings less across and gets further along. A
        ravine 100 times steeper across than along takes plain descent nearly 10 times as many steps (the root of 100) as momentum at its
        best rate. Too much momentum overshoots and swings.
        """;

    public override string Question
        => "Momentum adds up past gradients: what does that do in a ravine, where descent bounces from wall to wall?";

    public override Guess? Guess => new(
        [
            "It makes the bounces larger, because each gradient is added to the one before",
            "The parts across change sign and cancel; those along add up",
            "It only makes all steps longer, as a larger learning rate would",
        ],
        Right: 1);

    public override string Explanation => """
        With the velocity $v_t = \lambda v_{t-1} + g_t$ and the step $\theta_{t+1} = \theta_t - \eta v_t$, writing the recursion out gives
        $v_t = \sum_{k \ge 0} \lambda^k g_{t-k}$. A gradient that stays the same adds up to $\frac{g}{1 - \lambda}$, which is ten times
        itself for $\lambda = 0.9$; one that changes its sign at each step leaves only about $\frac{g}{1 + \lambda}$.

        On a quadratic with the condition number $\kappa$ (largest curvature over smallest), plain descent at its best rate gains the
        factor $\frac{\kappa - 1}{\kappa + 1}$ a step. With the best momentum it is $\frac{\sqrt{\kappa} - 1}{\sqrt{\kappa} + 1}$, so that
        the number of steps falls about by the factor $\sqrt{\kappa}$: for $\kappa = 100$ from 0.980 a step to 0.818.

        This needs the right $\lambda$. Above it the motion is that of a pendulum with too little friction: each step loses only the
        factor $\sqrt{\lambda}$, which is slow again as $\lambda \to 1$. With noisy gradients momentum also averages over about
        $\frac{1}{1 - \lambda}$ batches, but its longer steps raise the noise by as much, unless the rate is lowered.
        """;

    public override string Falsified => """
        Steps that are not the weighted sum of the gradients, or a ravine in which momentum at the same rate swings as far across as plain
        descent or gets no further along.
        """;

    public override IReadOnlyList<string> Next => ["adagrad-arrives", "learning-rate", "out-of-minima"];

    public override void Example(TextWriter output)
    {
        // ½(x² + 100y²), each method at its best rate.
        int StepsTo(double goal, double rate, double momentum)
        {
            var place = new Parameter(Tensor.From(-3.0, 0.3));
            var optimizer = new Sgd([place], rate, momentum);
            for (int step = 1; ; step++)
            {
                optimizer.ZeroGrad();
                var loss = (place.Value.Square() * Tensor.From(0.5, 50.0)).Sum();
                loss.Backward();
                if (loss.Item<double>() < goal) return step;
                optimizer.Step();
            }
        }

        output.WriteLine($"no momentum:   {StepsTo(1e-6, 2.0 / 101, 0)} steps");
        output.WriteLine($"momentum 0.67: {StepsTo(1e-6, 4.0 / 121, 81.0 / 121)} steps");
        output.WriteLine($"momentum 0.98: {StepsTo(1e-6, 4.0 / 121, 0.98)} steps");
    }

    public override IReadOnlyList<string> Mutations => ["no momentum", "old gradients count fully"];

    public override void Run(LabContext lab)
    {
        double momentum = lab.Mutated("no momentum") ? 0 : 0.9;
        double error = WeightedSum(lab, momentum, lab.Mutated("old gradients count fully") ? 1 : 0.9);
        lab.Check($"steps differ from the weighted sum of gradients by {Say.Short(error)} of their length", error, atMost: 1e-12);

        CompareAtOneRate(lab);

        // The best rates for a quadratic with curvatures 1 and 100, from theory: each gains the same factor along and across.
        double root = (Math.Sqrt(Steep) - Math.Sqrt(Flat)) / (Math.Sqrt(Steep) + Math.Sqrt(Flat)),
            best = lab.Mutated("no momentum") ? 0 : root * root;
        double plainRate = 2 / (Steep + Flat),
            rate = lab.Mutated("no momentum") ? plainRate : Math.Pow(2 / (Math.Sqrt(Steep) + Math.Sqrt(Flat)), 2);
        (string Name, List<double[]> Path)[] runs =
        [
            ("no momentum", Descend(plainRate, 0)),
            ($"momentum {best:0.00}", Descend(rate, best)),
            ("momentum 0.98", Descend(rate, 0.98)),
        ];
        int Steps(List<double[]> path) => path.FindLastIndex(p => LossAt(p) > Goal) + 1;
        lab.Table(["", $"steps to a loss of {Goal:0e+0}"], runs.Select(r => (string[])[r.Name, $"{Steps(r.Path)}"]));
        lab.Figure(
            Draw(runs),
            "First: the first 25 steps, each way at its own best rate; the rate of momentum is larger, so that it overshoots at first. "
                + "Second: the loss; with too much momentum it swings and takes long to settle.");
        double faster = (double)Steps(runs[0].Path) / Steps(runs[1].Path);
        lab.Check($"the best momentum is {faster:0.0} times as fast as none", faster, atLeast: 7);
        lab.Check(
            $"too much momentum is {(double)Steps(runs[2].Path) / Steps(runs[1].Path):0.0} times as slow as the best",
            (double)Steps(runs[2].Path) / Steps(runs[1].Path), atLeast: 3);
    }

    /// <summary>One rate, a little below the largest that plain descent bears across the ravine, with and without momentum.</summary>
    private static void CompareAtOneRate(LabContext lab)
    {
        const double rate = 1.95 / Steep, half = 0.5;
        const int after = 20;
        var plain = Descend(rate, 0);
        var momentum = Descend(rate, lab.Mutated("no momentum") ? 0 : half);
        double Across(List<double[]> path) => Math.Abs(path[after][1]);
        double Along(List<double[]> path) => Math.Abs(path[after][0]);

        // What of the gradients so far is left in one step, by their fading sum, as a share of what they would be without signs.
        double Left(int axis)
        {
            double sum = 0, size = 0, curvature = axis == 0 ? Flat : Steep;
            for (int old = 0; old <= after; old++)
            {
                double part = Math.Pow(half, after - old) * curvature * plain[old][axis];
                (sum, size) = (sum + part, size + Math.Abs(part));
            }
            return Math.Abs(sum) / size;
        }

        var plot = Ravine("the same rate");
        foreach (var (name, path, color) in new[] { ("no momentum", plain, 0), ($"momentum {half}", momentum, 1) })
            plot.Line([.. path.Take(after + 1).Select(p => p[0])], [.. path.Take(after + 1).Select(p => p[1])], name, color: color,
                markers: true);
        lab.Figure(plot, $"Both with the rate {rate:0.0000}, the first {after} steps: momentum swings less, and is further along.");
        lab.Check($"of {after} gradients across, {Left(1):P0} is left in their fading sum", Left(1), atMost: 0.4);
        lab.Check($"of those along {Left(0):P0}", Left(0), atLeast: 0.99);
        lab.Check(
            $"at one rate momentum is {Across(plain) / Across(momentum):0} times as near to the floor after {after} steps",
            Across(plain) / Across(momentum), atLeast: 10);
        lab.Check(
            $"and has {Along(momentum) / Along(plain):P0} of the way along left that plain descent has", Along(momentum) / Along(plain),
            atMost: 0.8);
    }

    /// <summary>Trains a small network and compares each step with the sum over all gradients that came before.</summary>
    private static double WeightedSum(LabContext lab, double momentum, double fading)
    {
        const double rate = 0.05;
        var (x, y) = SyntheticData.Moons(100, seed: lab.Seed).All();
        x = x.To(DType.Float64);
        var model = Networks.Mlp([2, 8, 2], () => new Tanh());
        model.To(DType.Float64);
        var objective = new Objective(() => Loss.CrossEntropy(model.Forward(x), y), model);
        var optimizer = new Sgd(model.Parameters(), rate, momentum);
        var gradients = new List<double[]>();
        double largest = 0;
        for (int step = 0; step < 50; step++)
        {
            gradients.Add(objective.Gradient());
            var before = objective.Position;
            optimizer.ZeroGrad();
            Loss.CrossEntropy(model.Forward(x), y).Backward();
            optimizer.Step();
            var after = objective.Position;

            var sum = new double[before.Length];
            for (int old = 0; old <= step; old++)
                for (int i = 0; i < sum.Length; i++) sum[i] -= rate * Math.Pow(fading, step - old) * gradients[old][i];
            double difference = Math.Sqrt(sum.Select((s, i) => Math.Pow(after[i] - before[i] - s, 2)).Sum()),
                length = Math.Sqrt(sum.Sum(s => s * s));
            largest = Math.Max(largest, difference / length);
        }
        return largest;
    }

    private static double LossAt(double[] p) => (Flat * p[0] * p[0] + Steep * p[1] * p[1]) / 2;

    private static List<double[]> Descend(double rate, double momentum)
    {
        var place = new Parameter(Tensor.From(-3.0, 0.3));
        var optimizer = new Sgd([place], rate, momentum);
        var path = new List<double[]> { place.Value.ToArray<double>() };
        for (int step = 0; step < 3000; step++)
        {
            using var scope = Memory.Scope();
            optimizer.ZeroGrad();
            (place.Value.Square() * Tensor.From(Flat / 2, Steep / 2)).Sum().Backward();
            optimizer.Step();
            path.Add(place.Value.ToArray<double>());
        }
        return path;
    }

    private static PlotGrid Draw((string Name, List<double[]> Path)[] runs)
    {
        var above = Ravine("each at its best rate");
        var loss = new Plot("loss")
        {
            XLabel = "step", YLabel = "loss", YScale = AxisScale.Log, Width = 480, Height = 380, YMin = 1e-8, XMax = 800,
        };
        for (int i = 0; i < runs.Length; i++)
        {
            if (i < 2)
                above.Line(
                    [.. runs[i].Path.Take(26).Select(p => p[0])], [.. runs[i].Path.Take(26).Select(p => p[1])], runs[i].Name, color: i,
                    markers: true);
            loss.Line([.. runs[i].Path.Take(800).Select(p => Math.Max(LossAt(p), 1e-8))], runs[i].Name, color: i);
        }
        return new PlotGrid(null, 2, above, loss);
    }

    private static Plot Ravine(string title)
    {
        double[] x = Fit.Grid(-3.2, 2, 53), y = Fit.Grid(-1, 1, 41);
        return new Plot(title)
        {
            XLabel = "along", YLabel = "across", Width = 480, Height = 380, XMin = -3.2, XMax = 2, YMin = -1,
            YMax = 1
        }
            .Contour(x, y, Fit.Surface(x, y, (a, b) => LossAt([a, b])), levels: 10, filled: false);
    }
}

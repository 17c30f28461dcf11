using DeepNet.Labs.Kit;

namespace DeepNet.Labs.Optimizers;

internal sealed class AdaGradArrives : Lab
{
    public override string Name => "adagrad-arrives";

    public override string Title => "In a ravine no single rate is right for plain descent; a rate for each parameter is";

    public override string Claim => """
        A convex bowl is ten thousand times steeper across than along. Plain descent jumps from wall to wall at a rate a little too large,
        and at the largest it bears it is nearly at rest along the floor: whatever the rate, three thousand steps do not take it half of
        the way. AdaGrad divides the step of each parameter by the size of its own gradients, so that both directions get steps that suit
        them.
        """;

    public override string Question
        => "A bowl is ten thousand times steeper across than along: which learning rate makes plain descent fast?";

    public override Guess? Guess => new(
        [
            "A large one, because most of the way leads along",
            "A small one, and patience",
            "None: across it must be small, and along it would have to be large",
        ],
        Right: 2);

    public override string Explanation => """
        With one rate $\eta$ for all parameters the distance along shrinks by $1 - \eta \mu$ a step and the distance across by $1 - \eta
        \lambda$. The second forces $\eta < 2 / \lambda = 2$. With $\mu = 10^{-4}$ the first is then at best 0.9998: after 3000 steps more
        than half of the way is left.

        AdaGrad divides the step of each parameter by the root of the sum of the squares of its own gradients: $\theta_{t+1,i} =
        \theta_{t,i} - \frac{\eta}{\sqrt{\sum_{s \le t} g_{s,i}^2}} g_{t,i}$. A factor on all gradients of one parameter cancels. So the
        curvature drops out: along and across, the first step has the length $\eta$, and both distances shrink alike.

        This works because the ravine lies along one of the parameters. Turned by 45 degrees, both parameters have equally large
        gradients, and dividing each by its own size changes nothing; momentum and second-order methods help there. The sum only ever
        grows, so that the steps shrink for good: RMSProp forgets instead.
        """;

    public override string Falsified => """
        A learning rate at which plain descent goes more than half of the way in the same number of steps, or AdaGrad that has more than a
        twentieth of it left.
        """;

    public override IReadOnlyList<string> Next => ["rmsprop", "adagrad-bursts", "momentum"];

    public override void Example(TextWriter output)
    {
        // ½(0.0001x² + y²), from x = −10.
        double LeftAfter(int steps, Func<Parameter, Optimizer> make)
        {
            var place = new Parameter(Tensor.From(-10.0, 1.0));
            var optimizer = make(place);
            for (int step = 0; step < steps; step++)
            {
                optimizer.ZeroGrad();
                (0.5 * (place.Value.Square() * Tensor.From(1e-4, 1.0)).Sum()).Backward();
                optimizer.Step();
            }
            return Math.Abs(place.Value[0].Item<double>()) / 10;
        }

        foreach (double rate in new[] { 0.1, 1, 1.9 })
            output.WriteLine($"plain descent, rate {rate}: {LeftAfter(1500, p => new Sgd([p], rate)):P1} of the way left");
        output.WriteLine($"AdaGrad: {LeftAfter(1500, p => new AdaGrad([p], learningRate: 1)):P1}");
    }

    public override IReadOnlyList<string> Mutations => ["one rate for all parameters", "equal steepness"];

    private const double Along = 1e-4, Goal = 0.05;

    public override void Run(LabContext lab)
    {
        double across = lab.Mutated("equal steepness") ? Along : 1;
        int steps = lab.Pick(full: 3000, reduced: 1500);
        double[] rates = [2.1, 1.9, 1.0, 0.1];
        var plain = rates.Select(rate => Descend(lab, p => new Sgd([p], rate), across, steps)).ToArray();
        var adaptive = Descend(
            lab, p => lab.Mutated("one rate for all parameters") ? new Sgd([p], 1.0) : new AdaGrad([p], learningRate: 1), across, steps);
        double Left(List<double[]> path) => Math.Abs(path[^1][0]) / 10;

        lab.Table(
            ["", "left to go along", "distance across at the end"],
            [
                .. rates.Select((r, i)
                    => (string[])[$"plain descent, rate {r}", $"{Left(plain[i]):P0}", Say.Short(Math.Abs(plain[i][^1][1]))]),
                ["AdaGrad", $"{Left(adaptive):P1}", Say.Short(Math.Abs(adaptive[^1][1]))],
            ]);
        double[] x = Fit.Grid(-11, 1, 61), y = Fit.Grid(-1.5, 1.5, 41);
        var plot = new Plot("the paths") { XLabel = "along", YLabel = "across", XMin = -11, XMax = 1, YMin = -1.5, YMax = 1.5, Width = 700 }
            .Contour(x, y, Fit.Surface(x, y, (a, b) => 0.5 * (Along * a * a + across * b * b)), levels: 10, filled: false);
        foreach (var (name, path, color) in new[] { ("rate 1.9", plain[1], 0), ("rate 0.1", plain[3], 2), ("AdaGrad", adaptive, 1) })
            plot.Line([.. path.Select(p => p[0])], [.. path.Select(p => p[1])], name, color: color);
        lab.Figure(plot, $"{steps} steps of each from the left; the lowest place is at (0, 0).");
        lab.Check($"at rate 2.1 plain descent diverges: {Say.Short(Math.Abs(plain[0][^1][1]))} across", Math.Abs(plain[0][^1][1]),
            atLeast: 1e6);
        lab.Check($"at the largest it bears it has {Left(plain[1]):P0} of the way left", plain[1..].Min(Left), atLeast: 0.5);
        lab.Check($"AdaGrad {Left(adaptive):P1}", Left(adaptive), atMost: Goal);
    }

    private static List<double[]> Descend(LabContext lab, Func<Parameter, Optimizer> make, double across, int steps)
    {
        var p = new Parameter(Tensor.From(-10.0, 1.0));
        var path = new List<double[]> { p.Value.ToArray<double>() };
        Descent.Run(
            make(p), lab.Steps(steps), _ => 0.5 * (p.Value.Square() * Tensor.From(Along, across)).Sum(),
                _ => path.Add(p.Value.ToArray<double>()));
        return path;
    }
}

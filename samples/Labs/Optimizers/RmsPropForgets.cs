namespace DeepNet.Labs.Optimizers;

internal sealed class RmsPropForgets : Lab
{
    private const double Rate = 0.05, Steep = 5, Gentle = 0.05, Edge = 10, Goal = 20;

    public override string Name => "rmsprop";

    public override string Title => "RMSProp follows a change of slope that AdaGrad misses";

    public override string Claim => """
        One parameter slides down a slope that is steep first and a hundred times gentler after. Both methods divide the step by the size of
        past gradients, so that each moves evenly on the steep part. On the gentle part AdaGrad still divides by the large gradients it
        remembers and hardly moves. RMSProp forgets: after some tens of steps it moves as fast as before.
        """;

    public override string Question
        => "A steep slope becomes a hundred times gentler: how fast do AdaGrad and RMSProp move on the gentle part?";

    public override Guess? Guess => new(
        [
            "Both a hundred times slower, as the gradient is",
            "Both as fast as before, because each divides by the size of the gradients",
            "RMSProp soon as fast as before; AdaGrad hardly, because it remembers the steep part",
        ],
        Right: 2);

    public override string Explanation => """
        Both take the step $-\frac{\eta}{\sigma_t} g_t$. For AdaGrad $\sigma_t^2 = \frac{1}{t} \sum_{s \le t} g_s^2$ is the mean over all
        steps; for RMSProp $\sigma_t^2 = \alpha \sigma_{t-1}^2 + (1 - \alpha) g_t^2$ is a running mean, in which a gradient $k$ steps old
        has the weight $(1 - \alpha) \alpha^k$. On an even slope both have $\sigma = |g|$ and move by $\eta$ a step.

        Let the slope fall from $G$ to $G / 100$ after $t_0$ steps. AdaGrad's mean is then about $G^2 t_0 / t$, so its steps are
        $\frac{\eta}{100} \sqrt{t / t_0}$: to be as fast as before it would need ten thousand times as many steps as it took on the steep
        part. RMSProp's memory of $G$ fades as $\alpha^k$ and is outweighed by the new gradients when $\alpha^k = 10^{-4}$: after 87 steps
        with $\alpha = 0.9$.

        Forgetting has its price: a direction that rests for longer than the memory loses its divisor as well, and rare large gradients
        are forgotten between two occurrences. With noise the steps do not die away by themselves, so that the rate has to be lowered at
        the end.
        """;

    public override string Falsified => """
        RMSProp that takes much longer than an even pace on the gentle part, or AdaGrad that is about as fast there.
        """;

    public override IReadOnlyList<string> Next => ["bias-correction", "adagrad-bursts", "five-optimizers"];

    public override void Example(TextWriter output)
    {
        // The gradient is 5 for 200 steps, and 0.05 afterwards.
        foreach (var (name, make) in new (string, Func<Parameter, Optimizer>)[]
        {
            ("AdaGrad", p => new AdaGrad([p], new AdaGradOptions { LearningRate = 0.05, Scale = AdaGradScale.RootMean })),
            ("RMSProp", p => new RmsProp([p], new RmsPropOptions { LearningRate = 0.05, Alpha = 0.9 })),
        })
        {
            var place = new Parameter(Tensor.From(0.0));
            var optimizer = make(place);
            for (int step = 1; step <= 400; step++)
            {
                double before = place.Value.Item<double>();
                optimizer.ZeroGrad();
                ((step <= 200 ? 5 : 0.05) * place.Value).Backward();
                optimizer.Step();
                if (step is 200 or 201 or 250 or 300 or 400)
                    output.WriteLine($"{name}, step {step}: moves by {before - place.Value.Item<double>():0.00000}");
            }
        }
    }

    public override IReadOnlyList<string> Mutations => ["the slope does not change", "AdaGrad in its place"];

    public override void Run(LabContext lab)
    {
        double beyond = lab.Mutated("the slope does not change") ? Steep : Gentle;
        FusedOptimizer AdaGradOf(Parameter p)
            => new AdaGrad([p], new AdaGradOptions { LearningRate = Rate, Scale = AdaGradScale.RootMean });
        FusedOptimizer RmsPropOf(Parameter p)
            => lab.Mutated("AdaGrad in its place")
                ? AdaGradOf(p)
                : new RmsProp([p], new RmsPropOptions { LearningRate = Rate, Alpha = 0.9 });
        int steps = lab.Pick(full: 6000, reduced: 4000);
        var adaGrad = Slide(lab, AdaGradOf, steps, beyond);
        var rmsProp = Slide(lab, RmsPropOf, steps, beyond);

        int On(double[] path) => Reached(path, Goal) - Reached(path, Edge);
        double usual = (Goal - Edge) / Rate;        // steps that an even pace takes
        lab.Table(
            ["", $"steps to the edge at {Edge}", $"from there to {Goal}", "last step's length"],
            [
                ["AdaGrad", $"{Reached(adaGrad, Edge)}",
                    Reached(adaGrad, Goal) < adaGrad.Length ? $"{On(adaGrad)}" : $"more than {On(adaGrad)}",
                    $"{adaGrad[^1] - adaGrad[^2]:0.00000}"],
                ["RMSProp", $"{Reached(rmsProp, Edge)}", $"{On(rmsProp)}", $"{rmsProp[^1] - rmsProp[^2]:0.00000}"],
            ]);
        lab.Figure(
            Draw(adaGrad, rmsProp),
            "First: the place after each step; the slope changes at the dashed line. Second: the length of the steps.");
        lab.Check(
            $"on the gentle slope RMSProp takes {On(rmsProp) / usual:0.0} times the steps of an even pace", On(rmsProp) / usual,
            atMost: 1.6);
        lab.Check(
            $"AdaGrad takes at least {(double)On(adaGrad) / On(rmsProp):0.0} times as many", (double)On(adaGrad) / On(rmsProp), atLeast: 5);
    }

    private static int Reached(double[] path, double place) => Array.FindIndex(path, p => p >= place) is var i and >= 0 ? i : path.Length;

    private static double[] Slide(LabContext lab, Func<Parameter, FusedOptimizer> method, int steps, double beyond)
    {
        var place = new Parameter(Tensor.From(0.0));
        var optimizer = method(place);
        var path = new List<double> { 0 };
        foreach (int _ in lab.Steps(steps))
        {
            optimizer.ZeroGrad();
            // Height: falls steeply up to the edge, gently beyond it.
            var p = place.Value;
            (-Steep * p.Minimum(Edge) - beyond * (p - Edge).Relu()).Backward();
            optimizer.Step();
            path.Add(place.Value.Item<double>());
            if (path[^1] > 2 * Goal) break;
        }
        return [.. path];
    }

    private static PlotGrid Draw(double[] adaGrad, double[] rmsProp)
    {
        const int seen = 1500;
        static double[] Steps(double[] path) => [.. path.Skip(1).Zip(path, (next, p) => next - p).Take(seen)];
        return new PlotGrid(
            null, 2,
            new Plot("place") { XLabel = "step", YLabel = "x", Width = 480, Height = 360 }
                .Line([.. adaGrad.Take(seen)], "AdaGrad").Line([.. rmsProp.Take(seen)], "RMSProp")
                .HorizontalLine(Edge, "the slope changes"),
            new Plot("length of the step") { XLabel = "step", YLabel = "length", YScale = AxisScale.Log, Width = 480, Height = 360 }
                .Line(Steps(adaGrad), "AdaGrad").Line(Steps(rmsProp), "RMSProp"));
    }
}

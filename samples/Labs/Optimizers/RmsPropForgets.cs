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

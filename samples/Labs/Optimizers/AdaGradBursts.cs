using DeepNet.Labs.Kit;

namespace DeepNet.Labs.Optimizers;

internal sealed class AdaGradBursts : Lab
{
    private const double Rate = 0.3, Start = -150, Slope = 0.02;

    public override string Name => "adagrad-bursts";

    public override string Title => "After a long flat stretch root-mean-square AdaGrad bursts; decay or warm-up cures it";

    public override string Claim => """
        AdaGrad divides each parameter's step by the root of the mean square of its gradients so far. In a long valley the direction across
        comes to rest early; from then on its gradients are tiny, their mean square shrinks, and the step across grows until it throws the
        point up the wall: a burst. A learning rate that decays keeps pace with the shrinking, at the price that it also gets less far along
        the valley. A warm-up lets the mean hold more of the large gradients, and does not cost that.
        """;

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
            "First: the ways over the surface, seen from above; the start is on the left, the lowest place at 0. Second: the distance "
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
        var above = new Plot("the ways")
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

using DeepNet.Labs.Kit;

namespace DeepNet.Labs.Optimizers;

internal sealed class MomentumIsMemory : Lab
{
    private const double Flat = 1, Steep = 100, Goal = 1e-20;

    public override int Number => 11;

    public override string Name => "momentum";

    public override string Title => "Momentum is the weighted sum of all gradients so far, and runs along a ravine";

    public override string Claim => """
        With momentum λ a step is −η(gₜ + λgₜ₋₁ + λ²gₜ₋₂ + …): all gradients so far, the older the less. In a ravine the parts across change
        their sign and cancel, the parts along add up. A ravine 100 times steeper across than along takes plain descent nearly 10 times as
        many steps (the root of 100) as the best momentum. Too much momentum overshoots and swings.
        """;

    public override IReadOnlyList<string> Mutations => ["no momentum", "old gradients count fully"];

    public override void Run(LabContext lab)
    {
        double momentum = lab.Mutated("no momentum") ? 0 : 0.9;
        double error = WeightedSum(lab, momentum, lab.Mutated("old gradients count fully") ? 1 : 0.9);
        lab.Check($"steps differ from the weighted sum of gradients by {Say.Short(error)} of their length", error, atMost: 1e-12);

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
            "First: the first 25 steps without momentum and with the best. Second: the loss; with too much momentum it swings and "
                + "takes long to settle.");
        double faster = (double)Steps(runs[0].Path) / Steps(runs[1].Path);
        lab.Check($"the best momentum is {faster:0.0} times as fast as none", faster, atLeast: 7);
        lab.Check(
            $"too much momentum is {(double)Steps(runs[2].Path) / Steps(runs[1].Path):0.0} times as slow as the best",
            (double)Steps(runs[2].Path) / Steps(runs[1].Path), atLeast: 3);
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
        double[] x = Fit.Grid(-3.2, 2, 53), y = Fit.Grid(-1, 1, 41);
        var above = new Plot("the ravine from above")
        {
            XLabel = "along", YLabel = "across", Width = 480, Height = 380, XMin = -3.2, XMax = 2, YMin = -1, YMax = 1,
            Legend = LegendPlace.None,
        }
            .Contour(x, y, Fit.Surface(x, y, (a, b) => LossAt([a, b])), levels: 10, filled: false);
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
}

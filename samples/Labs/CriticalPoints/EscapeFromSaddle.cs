using DeepNet.Labs.Kit;

namespace DeepNet.Labs.CriticalPoints;

internal sealed class EscapeFromSaddle : Lab
{
    private const double Rate = 0.05, Ridge = 1e-8;

    public override string Name => "escape";

    public override string Title => "On x² − y² plain descent stalls; noise, momentum and negative curvature get away";

    public override string Claim => """
        The surface x² − y² has a saddle at the origin. Descent that starts almost on the ridge (y = 10⁻⁸) runs into the saddle and stalls:
        the gradient that would lead away is as small as y. Noise makes y larger at once, momentum makes it grow faster at each step, and a
        step along the direction of negative curvature needs no luck at all.
        """;

    public override IReadOnlyList<string> Mutations => ["no noise", "no momentum", "a step along positive curvature"];

    public override void Run(LabContext lab)
    {
        double momentum = lab.Mutated("no momentum") ? 0 : 0.9, noise = lab.Mutated("no noise") ? 0 : 0.01;
        int which = lab.Mutated("a step along positive curvature") ? 1 : 0;
        (string Name, List<double[]> Path)[] runs =
        [
            ("plain descent", Descend(lab, 0, 0, null)),
            ("momentum 0.9", Descend(lab, momentum, 0, null)),
            ("noise", Descend(lab, 0, noise, null)),
            ("negative curvature", Descend(lab, 0, 0, which)),
        ];

        // Away: the loss is below −1, which only happens far from the saddle.
        int Steps(List<double[]> path) => path.FindIndex(p => LossAt(p) < -1) is var i and >= 0 ? i : path.Count;
        int Stalled(List<double[]> path) => path.Count(p => Math.Abs(LossAt(p)) < 1e-4);
        lab.Table(
            ["", "steps until away", "of them within 0.0001 of the saddle's loss"],
            runs.Select(r => (string[])[r.Name, $"{Steps(r.Path)}", $"{Stalled(r.Path)}"]));
        lab.Figure(
            Draw(runs),
            "First: the ways over the surface. Second: the loss; plain descent rests at 0, the loss of the saddle, for most of the time.");

        double[] axis = Fit.Grid(-1, 1, 25);
        lab.Figure(
            new Plot("x² − y²") { XLabel = "x", YLabel = "y", ZLabel = "loss", Width = 520, Height = 420 }
                .Surface(axis, axis, Fit.Surface(axis, axis, (a, b) => a * a - b * b)),
            "The surface: up along x, down along y. On a page it can be turned.");

        int plain = Steps(runs[0].Path), stalled = Stalled(runs[0].Path);
        lab.Check($"plain descent stalls for {stalled} steps and is away after {plain}", stalled, atLeast: 100);
        lab.Check($"momentum is away after {Steps(runs[1].Path)}", (double)plain / Steps(runs[1].Path), atLeast: 2);
        var noisy = new Spread(Enumerable.Range(0, 20).Select(_ => (double)Steps(Descend(lab, 0, noise, null))));
        lab.Check($"noise after {noisy.Number("0")}, in 20 runs", plain / noisy.Mean, atLeast: 2);
        lab.Check($"negative curvature after {Steps(runs[3].Path)}", (double)plain / Steps(runs[3].Path), atLeast: 4);
    }

    private static double LossAt(double[] p) => p[0] * p[0] - p[1] * p[1];

    private static List<double[]> Descend(LabContext lab, double momentum, double noise, int? eigenvector)
    {
        var place = new Parameter(Tensor.From(1.0, Ridge));
        Tensor LossOf() => (place.Value.Square() * Tensor.From(1.0, -1.0)).Sum();
        var optimizer = new Sgd([place], Rate, momentum);
        var path = new List<double[]> { place.Value.ToArray<double>() };
        for (int step = 0; step < 400 && LossAt(path[^1]) > -2; step++)
        {
            optimizer.ZeroGrad();
            LossOf().Backward();
            if (noise > 0) place.Grad = place.Grad! + Tensor.Normal(place.Shape, 0, noise, DType.Float64, generator: lab.Random);
            // Where the gradient is small, look at the curvature: this costs a Hessian, here of two rows.
            if (eigenvector is { } which && place.Grad!.Norm().Item<double>() < 0.1)
                place.Grad = -0.5 / Rate * Eigenvector(LossOf, place, which);
            optimizer.Step();
            path.Add(place.Value.ToArray<double>());
        }
        return path;
    }

    /// <summary>Of its two signs the one that leads down, or any where the slope does not tell.</summary>
    private static Tensor Eigenvector(Func<Tensor> lossOf, Parameter place, int which)
    {
        var v = Tensor.From<double>([.. HessianSpectrum.Full(new Objective(lossOf, [place])).Vector(which)]);
        return v.Dot(place.Grad!).Item<double>() > 0 ? -v : v;
    }

    private static PlotGrid Draw((string Name, List<double[]> Path)[] runs)
    {
        double[] x = Fit.Grid(-0.6, 1.1, 41), y = Fit.Grid(-1.5, 1.5, 41);
        var above = new Plot("from above")
        {
            XLabel = "x", YLabel = "y", Width = 440, Height = 400, Legend = LegendPlace.Below, XMin = -0.6, XMax = 1.1, YMin = -1.5,
            YMax = 1.5,
        }
            .Contour(x, y, Fit.Surface(x, y, (a, b) => a * a - b * b), levels: 14, filled: false);
        var loss = new Plot("loss") { XLabel = "step", YLabel = "x² − y²", Width = 500, Height = 400, YMin = -1.2, YMax = 1.1 };
        for (int i = 0; i < runs.Length; i++)
        {
            var path = runs[i].Path.TakeWhile(p => Math.Abs(p[1]) < 1.5).ToArray();
            above.Line([.. path.Select(p => p[0])], [.. path.Select(p => p[1])], runs[i].Name, color: i);
            loss.Line([.. runs[i].Path.Select(p => Math.Max(LossAt(p), -1.2))], runs[i].Name, color: i);
        }
        return new PlotGrid(null, 2, above, loss);
    }
}

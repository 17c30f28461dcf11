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

    public override string Question => "Descent starts almost on the ridge of x² − y² and runs into the saddle: what happens next?";

    public override Guess? Guess => new(
        [
            "It stays there for ever, as in a minimum",
            "It stalls for many steps and then leaves; momentum, noise or curvature shorten the wait",
            "It leaves at once, because a saddle repels",
            "It goes back the way it came",
        ],
        Right: 1);

    public override string Explanation => """
        Descent on $x^2 - y^2$ multiplies $x$ by $1 - 2\eta$ and $y$ by $1 + 2\eta$ at each step. The point comes to the saddle along $x$
        and leaves it along $y$, but from $y_0 = 10^{-8}$ the growth takes $\frac{\log 10^8}{\log(1 + 2\eta)}$ steps; at $\eta = 0.05$
        that is 193. All that time the gradient is tiny and the loss looks constant. Only a start with $y$ exactly zero stays for ever.

        Noise sets $y$ to its own size at once, here some ten thousand times as large, and the same growth then takes less than half of
        the steps. With momentum $\lambda$ the growth factor is the larger root of $r^2 - (1 + \lambda + 2\eta) r + \lambda = 0$: for
        $\lambda = 0.9$ it is 1.32 in place of 1.1.

        The eigenvector of a negative eigenvalue of the Hessian points the way out however small $y$ is. For a network one computes it
        from products of the Hessian with vectors (Lanczos), each of which costs about two gradients; in practice the noise of
        mini-batches usually does the work.
        """;

    public override string Falsified => """
        Plain descent that leaves the saddle at once, or noise, momentum or a step along the negative curvature that does not leave it
        sooner.
        """;

    public override IReadOnlyList<string> Next => ["out-of-minima", "second-order", "saddles-outnumber"];

    public override void Example(TextWriter output)
    {
        foreach (var (name, momentum, noise) in new[] { ("plain descent", 0.0, 0.0), ("momentum 0.9", 0.9, 0.0), ("noise", 0.0, 0.01) })
        {
            var generator = new Generator(1);
            var place = new Parameter(Tensor.From(1.0, 1e-8));
            var optimizer = new Sgd([place], 0.05, momentum);
            int steps = 0;
            for (; steps < 1000 && Math.Abs(place.Value[1].Item<double>()) < 1; steps++)
            {
                optimizer.ZeroGrad();
                (place.Value.Square() * Tensor.From(1.0, -1.0)).Sum().Backward();
                place.Grad = place.Grad! + noise * Tensor.Randn(place.Shape, DType.Float64, generator: generator);
                optimizer.Step();
            }
            output.WriteLine($"{name,-14} is away from the saddle after {steps} steps");
        }
    }

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
            "First: the paths over the surface. Second: the loss; plain descent rests at 0, the loss of the saddle, for most of the time.");

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

using DeepNet.Labs.Kit;

namespace DeepNet.Labs.CriticalPoints;

internal sealed class SecondOrderSteps : Lab
{
    public override string Name => "second-order";

    public override string Title => "Newton's method is drawn to saddles; two small changes make it leave them";

    public override string Claim => """
        Newton's step goes to where the gradient of the local paraboloid is zero, and if that is a saddle, it goes to the saddle. Dividing
        by the absolute values of the eigenvalues instead (saddle-free Newton) turns the step around where the curvature is negative; so
        does minimising the paraboloid within a trust region only. From beside a saddle both reach a minimum in a few steps, and descent in
        many.
        """;

    public override string Question => "Newton's method starts beside a saddle: where does it go?";

    public override Guess? Guess => new(
        [
            "To the nearest minimum, because it uses the curvature",
            "To the saddle: it looks for a zero of the gradient, of whatever kind",
            "Nowhere: the Hessian of a saddle cannot be inverted",
        ],
        Right: 1);

    public override string Explanation => """
        Newton's step $\mathbf{p} = -\mathbf{H}^{-1} \mathbf{g}$ leads to the point at which the quadratic approximation has the gradient
        zero. Along an eigenvector with the slope $g_k$ and the curvature $\lambda_k$ it is $-g_k / \lambda_k$. For $\lambda_k > 0$ this
        goes down to the bottom of a parabola. For $\lambda_k < 0$ the parabola opens downwards, and the step climbs to its top.

        Saddle-free Newton takes $-g_k / |\lambda_k|$: as long a step, but always downwards. A trust region asks for the lowest point of
        the approximation within a radius; its solution is $-(\mathbf{H} + \mu \mathbf{I})^{-1} \mathbf{g}$ with the smallest $\mu \ge 0$
        that makes $\mathbf{H} + \mu \mathbf{I}$ positive and the step short enough. Where all curvatures are positive and the radius
        allows it, both are Newton's step, with its quadratic convergence.

        A Hessian of $n$ weights has $n^2$ entries and takes about $n^3$ operations to decompose, which is out of reach for networks.
        Methods for these use products of the Hessian with vectors, or an approximation of its blocks, and pay for them with fewer steps
        only if the gradient has little noise.
        """;

    public override string Falsified => """
        Newton's method that ends in a minimum from this start, or one of the two changed methods that ends in the saddle or needs as many
        steps as descent.
        """;

    public override IReadOnlyList<string> Next => ["escape", "taylor", "momentum"];

    public override void Example(TextWriter output)
    {
        static Tensor LossOf(Tensor p) => p[0].Square().Square() / 4 - p[0].Square() / 2 + p[1].Square() / 2 + 0.1 * p[0].Square() * p[1];
        double[] End(Func<double, double> divisor)
        {
            var place = Tensor.From(0.35, 0.9).WithGrad();
            var objective = new Objective(() => LossOf(place), place);
            for (int step = 0; step < 15; step++)
            {
                var (_, g) = objective.Evaluate();
                var hessian = HessianSpectrum.Full(objective);
                double[] at = objective.Position;
                for (int k = 0; k < 2; k++)
                {
                    var u = hessian.Vector(k);
                    double length = (g[0] * u[0] + g[1] * u[1]) / divisor(hessian.Values[k]);
                    at = [at[0] - length * u[0], at[1] - length * u[1]];
                }
                objective.Position = at;
            }
            return objective.Position;
        }

        var (newton, saddleFree) = (End(curvature => curvature), End(Math.Abs));
        output.WriteLine($"Newton ends at ({newton[0]:0.00}, {newton[1]:0.00}), the saddle");
        output.WriteLine($"saddle-free Newton at ({saddleFree[0]:0.00}, {saddleFree[1]:0.00}), a minimum");
    }

    public override IReadOnlyList<string> Mutations => ["absolute values forgotten", "trust region without a bound"];

    public override void Run(LabContext lab)
    {
        bool isAbsolute = !lab.Mutated("absolute values forgotten"), isBounded = !lab.Mutated("trust region without a bound");

        // Two valleys with a saddle at the origin between them: minima near (±1, 0).
        static Tensor LossOf(Tensor p) => p[0].Square().Square() / 4 - p[0].Square() / 2 + p[1].Square() / 2 + 0.1 * p[0].Square() * p[1];
        var start = new[] { 0.35, 0.9 };
        (string Name, Func<double[], EigenDecomposition, double[]> Step)[] methods =
        [
            ("gradient descent", (g, _) => [.. g.Select(v => -0.1 * v)]),
            ("Newton", (g, h) => InEigenvectors(g, h, (slope, curvature) => -slope / curvature)),
            ("saddle-free Newton",
                (g, h) => InEigenvectors(g, h, (slope, curvature) => -slope / (isAbsolute ? Math.Abs(curvature) : curvature))),
            ("trust region", (g, h) => TrustRegion(g, h, isBounded ? 0.5 : 1e6)),
        ];

        var ends = new List<CriticalPoint>();
        var paths = new List<List<double[]>>();
        foreach (var (_, step) in methods)
        {
            var place = Tensor.From<double>(start).WithGrad();
            var objective = new Objective(() => LossOf(place), place);
            var path = new List<double[]> { start };
            while (path.Count <= 500 && objective.Evaluate() is var (_, gradient) && Norm(gradient) > 1e-8)
            {
                var move = step(gradient, HessianSpectrum.Full(objective));
                objective.Position = [.. objective.Position.Zip(move, (p, m) => p + m)];
                path.Add(objective.Position);
            }
            ends.Add(CriticalPoint.Here(objective));
            paths.Add(path);
        }

        lab.Table(
            ["", "steps", "loss", "ends at a"],
            methods.Select(
                (m, i) => (string[])[m.Name, $"{paths[i].Count - 1}", $"{Math.Round(ends[i].Loss, 4) + 0.0:0.0000}", $"{ends[i].Kind}"]));
        lab.Figure(
            Draw(methods.Select(m => m.Name).ToArray(), paths),
            "Paths from one start. Newton goes to the saddle at the origin, the others into a valley.");
        lab.Check(
            $"Newton ends at a {ends[1].Kind} with loss {Math.Abs(ends[1].Loss):0.###}", ends[1].Kind == CriticalPointKind.Saddle ? 1 : 0,
            atLeast: 1);
        for (int i = 2; i < methods.Length; i++)
            lab.Check(
                $"{methods[i].Name} at a {ends[i].Kind} after {paths[i].Count - 1} steps",
                ends[i].Kind == CriticalPointKind.Minimum ? paths[i].Count - 1 : double.NaN, atMost: 15);
        lab.Check($"descent needs {paths[0].Count - 1}", paths[0].Count - 1, atLeast: 60);
    }

    /// <summary>A step for each eigenvector by itself, from the slope and the curvature along it.</summary>
    private static double[] InEigenvectors(double[] gradient, EigenDecomposition hessian, Func<double, double, double> along)
    {
        var step = new double[gradient.Length];
        for (int k = 0; k < step.Length; k++)
        {
            double length = along(hessian.Vector(k).Zip(gradient, (v, g) => v * g).Sum(), hessian.Values[k]);
            for (int i = 0; i < step.Length; i++) step[i] += length * hessian.Vector(k)[i];
        }
        return step;
    }

    /// <summary>The lowest place of the paraboloid within a radius: damping λ + μ with the smallest μ that keeps the step inside.</summary>
    private static double[] TrustRegion(double[] gradient, EigenDecomposition hessian, double radius)
    {
        double[] Step(double damping) => InEigenvectors(gradient, hessian, (slope, curvature) => -slope / (curvature + damping));
        // Without a bound there is nothing to damp for: Newton's step again.
        if (Norm(Step(0)) <= radius && (hessian.Values[0] > 0 || radius > 1e5)) return Step(0);
        double low = Math.Max(0, -hessian.Values[0]), high = low + Norm(gradient) / radius;
        for (int i = 0; i < 60; i++)
        {
            double middle = (low + high) / 2;
            if (Norm(Step(middle)) > radius) low = middle;
            else high = middle;
        }
        return Step(high);
    }

    private static double Norm(double[] v) => Math.Sqrt(v.Sum(x => x * x));

    private static Plot Draw(string[] names, List<List<double[]>> paths)
    {
        double[] x = Fit.Grid(-0.4, 1.4, 61), y = Fit.Grid(-0.6, 1.1, 61);
        var plot = new Plot("four paths down") { XLabel = "x", YLabel = "y", ZLabel = "loss", Width = 620, Height = 460 }
            .Contour(
            x, y, Fit.Surface(x, y, (a, b) => Math.Pow(a, 4) / 4 - a * a / 2 + b * b / 2 + 0.1 * a * a * b), levels: 16, filled: false);
        for (int i = 0; i < names.Length; i++)
            plot.Line([.. paths[i].Select(p => p[0])], [.. paths[i].Select(p => p[1])], names[i], color: i, markers: true);
        return plot.Text(0, 0, "saddle");
    }
}

using DeepNet.Labs.Kit;

namespace DeepNet.Labs.CriticalPoints;

internal sealed class TaylorApproximation : Lab
{
    public override string Name => "taylor";

    public override string Title => "Close to a point, gradient and Hessian describe the loss: the second-order approximation";

    public override string Claim => """
        A small step v changes the loss by gᵀv + ½vᵀHv. Without the term of the Hessian the error grows as the square of the step, with it
        as the cube. At a critical point the gradient is zero and the sign of vᵀHv tells its kind: positive in all directions at a
        minimum, negative in all at a maximum, of both signs at a saddle. Where the Hessian is zero as well, as for x³, neither tells.
        """;

    public override string Question
        => "How large is the error if the loss close to a point is predicted from its gradient and Hessian there?";

    public override Guess? Guess => new(
        [
            "It grows in proportion to the step",
            "It grows as the square of the step, as it does with the gradient alone",
            "It grows as the cube of the step: ten times the step, a thousand times the error",
        ],
        Right: 2);

    public override string Explanation => """
        Taylor's series of the loss at a point $\mathbf{\theta}$ is $L(\theta + \mathbf{v}) = L(\theta) + \mathbf{g}^T \mathbf{v} +
        \frac{1}{2} \mathbf{v}^T \mathbf{H} \mathbf{v} + R$, with the gradient $\mathbf{g} = \nabla L$ and the Hessian $H_{ij} =
        \frac{\partial^2 L}{\partial \theta_i \partial \theta_j}$. The rest $R$ begins with third derivatives, so it shrinks as
        $|\mathbf{v}|^3$. If the Hessian's term is left out, that term is the error, and it shrinks as $|\mathbf{v}|^2$.

        On two logarithmic axes a power is a straight line whose slope is the exponent: 2 without the Hessian and 3 with it. This holds
        for losses with three continuous derivatives, such as those of networks with tanh. ReLU has kinks, at which no such expansion
        exists.

        At a critical point $\mathbf{g} = 0$, so that the quadratic form alone decides. It is positive for all $\mathbf{v}$ exactly if all
        eigenvalues of $\mathbf{H}$ are. Eigenvalues of both signs make a saddle, and one of zero leaves it open: $x^3$ and $x^4$ both
        have the second derivative 0 at 0, and only one of them has a minimum there.
        """;

    public override string Falsified => """
        A slope other than 2 without the Hessian or other than 3 with it, or a function whose eigenvalues all are positive at a critical
        point that is no minimum.
        """;

    public override IReadOnlyList<string> Next => ["saddle", "one-one-one", "second-order"];

    public override void Example(TextWriter output)
    {
        static Tensor LossOf(Tensor p) => p[0].Exp() * p[1].Sin();
        var at = Tensor.From(0.3, -0.7).WithGrad();
        Tensor direction = Tensor.From(0.6, 0.8), gradient = Autograd.Grad(LossOf(at), at);
        double loss = LossOf(at).Item<double>(), slope = gradient.Dot(direction).Item<double>();

        // vᵀHv from a product with the Hessian: the Hessian itself is never made.
        double curvature = Autograd.Hvp(LossOf, at, direction).Dot(direction).Item<double>();
        foreach (double step in new[] { 0.1, 0.01, 0.001 })
        {
            double moved = LossOf(at + step * direction).Item<double>(), linear = loss + slope * step;
            double quadratic = linear + curvature * step * step / 2;
            output.WriteLine($"step {step}: error {Math.Abs(linear - moved):0.0e+0} by the gradient, "
                + $"{Math.Abs(quadratic - moved):0.0e+0} with the Hessian");
        }
    }

    public override IReadOnlyList<string> Mutations => ["no Hessian", "Hessian of another place"];

    public override void Run(LabContext lab)
    {
        Orders(lab);
        Kinds(lab);
    }

    /// <summary>The loss of a small network along a random direction, against both approximations.</summary>
    private static void Orders(LabContext lab)
    {
        var (x, y) = SyntheticData.Moons(100, seed: lab.Seed).All();
        x = x.To(DType.Float64);
        var model = Networks.Mlp([2, 8, 2], () => new Tanh());
        model.To(DType.Float64);
        var objective = new Objective(() => Loss.CrossEntropy(model.Forward(x), y), model);
        double[] at = objective.Position, g = objective.Gradient();
        double[] v = [.. Tensor.Randn(new Shape(at.Length), DType.Float64, generator: lab.Random).ToArray<double>()];
        double size = Math.Sqrt(v.Sum(a => a * a)), loss = objective.Value();
        v = [.. v.Select(a => a / size)];
        if (lab.Mutated("Hessian of another place")) objective.Position = [.. at.Select(a => 2 * a + 1)];
        double bend = lab.Mutated("no Hessian") ? 0 : v.Zip(objective.Hessian().Multiply(v), (a, b) => a * b).Sum();
        double slope = v.Zip(g, (a, b) => a * b).Sum();

        double[] steps = [.. Enumerable.Range(0, 9).Select(i => Math.Pow(10, -2.5 + 0.25 * i))], first = new double[9],
            second = new double[9];
        for (int i = 0; i < steps.Length; i++)
        {
            objective.Position = [.. at.Zip(v, (a, d) => a + steps[i] * d)];
            double moved = objective.Value();
            (first[i], second[i]) = (Math.Abs(loss + slope * steps[i] - moved),
                Math.Abs(loss + slope * steps[i] + bend * steps[i] * steps[i] / 2 - moved));
        }
        objective.Position = at;
        double order1 = Fit.Power(steps, first), order2 = Fit.Power(steps, second);
        lab.Figure(
            new Plot("Error of the approximation")
            {
                XLabel = "length of the step", YLabel = "error", XScale = AxisScale.Log, YScale = AxisScale.Log,
                Legend = LegendPlace.TopLeft,
            }
                .Line(steps, first, "gradient only", markers: true).Line(steps, second, "gradient and Hessian", markers: true),
            "Two logarithmic axes: the slopes are the orders of the errors, 2 and 3.");
        lab.Check($"without the Hessian the error grows as the step to the power {order1:0.00}", order1, atLeast: 1.9, atMost: 2.1);
        lab.Check($"with it {order2:0.00}", order2, atLeast: 2.8, atMost: 3.2);
    }

    private static void Kinds(LabContext lab)
    {
        (string Name, Func<Tensor, Tensor> Of, CriticalPointKind? Kind)[] functions =
        [
            ("x² + y²: a minimum", p => p.Square().Sum(), CriticalPointKind.Minimum),
            ("−x² − y²: a maximum", p => -p.Square().Sum(), CriticalPointKind.Maximum),
            ("x² − y²: a saddle", p => (p.Square() * Tensor.From(1.0, -1.0)).Sum(), CriticalPointKind.Saddle),
            ("x³: neither", p => (p.Pow(3) * Tensor.From(1.0, 0.0)).Sum() , null),
        ];
        double[] axis = Fit.Grid(-1, 1, 25);
        var plots = new List<Plot>();
        int right = 0;
        foreach (var (name, of, kind) in functions)
        {
            var at = new Parameter(Tensor.Zeros(new Shape(2), DType.Float64));
            var point = CriticalPoint.Here(new Objective(() => of(at.Value), [at]));
            bool isTold = kind is null ? point.Signs.Positive + point.Signs.Negative == 0 : point.Kind == kind;
            right += isTold ? 1 : 0;
            plots.Add(
                new Plot(name) { XLabel = "x", YLabel = "y", Width = 400, Height = 340 }
                    .Surface(axis, axis, Fit.Surface(axis, axis, (a, b) => of(Tensor.From(a, b)).Item<double>())));
        }
        lab.Figure(new PlotGrid(null, 2, plots), "Four functions with a gradient of zero in the middle.");
        lab.Check($"the eigenvalues tell the kind of {right} of 4 functions, x³ by being all zero", right, atLeast: 4);
    }
}

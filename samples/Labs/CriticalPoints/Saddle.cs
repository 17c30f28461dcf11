using DeepNet.Labs.Kit;

namespace DeepNet.Labs.CriticalPoints;

internal sealed class Saddle : Lab
{
    public override string Name => "saddle";

    public override string Title => "The smallest network has a saddle, and curvature shows the way out";

    public override string Claim => """
        The network y = w₂w₁x with one example, x = 1 and target 1, has the loss (1 − w₁w₂)². At the origin its gradient is zero, so
        gradient descent stands still. The Hessian there has the eigenvalues +2 and −2: the origin is no minimum but a saddle. One step
        along the eigenvector of the negative eigenvalue, and descent runs down into the valley w₁w₂ = 1.
        """;

    public override string Question => "The gradient is zero: is training over, or is there a way further down?";

    public override Guess? Guess => new(
        [
            "It is over: without a gradient there is no direction to go",
            "The Hessian tells: along an eigenvector with a negative eigenvalue the loss falls",
            "A smaller learning rate makes the loss fall again",
        ],
        Right: 1);

    public override string Explanation => """
        The loss $L = (1 - w_1 w_2)^2$ has the gradient $-2(1 - w_1 w_2) \begin{pmatrix} w_2 \\ w_1 \end{pmatrix}$, which is zero at the
        origin: if both weights are zero, changing one of them changes nothing. A learning rate multiplies this zero and cannot help.

        The next term of the Taylor series decides. At a critical point a small step $\mathbf{v}$ changes the loss by $\frac{1}{2}
        \mathbf{v}^T \mathbf{H} \mathbf{v}$, and here $\mathbf{H} = \begin{pmatrix} 0 & -2 \\ -2 & 0 \end{pmatrix}$. Its eigenvalues are
        $-2$ with the eigenvector $(1, 1)$ and $+2$ with $(1, -1)$: the loss falls if both weights move the same way and rises if they
        move against each other. That is a saddle.

        An eigenvector $\mathbf{u}$ of a negative eigenvalue $\lambda$ gives $\frac{1}{2} \mathbf{u}^T \mathbf{H} \mathbf{u} =
        \frac{\lambda}{2} |\mathbf{u}|^2$, which is below zero: a small step along it, in either direction, leads down. If all eigenvalues
        were positive, the point would be a minimum and no small step would help. If the smallest is zero, the second order does not tell.
        """;

    public override string Falsified => """
        A gradient at the origin that is not zero, two eigenvalues of one sign, or a step along the negative eigenvector after which
        descent does not reach the valley.
        """;

    public override IReadOnlyList<string> Next => ["taylor", "escape", "one-one-one"];

    public override void Example(TextWriter output)
    {
        Tensor w1 = Tensor.From(0.0).WithGrad(), w2 = Tensor.From(0.0).WithGrad();
        var objective = new Objective(() => (1 - w2 * w1).Square(), w1, w2);
        var spectrum = HessianSpectrum.Full(objective);
        output.WriteLine($"loss {objective.Value():0.###}, largest derivative {objective.Gradient().Max(Math.Abs):0.###}");
        output.WriteLine($"eigenvalues {spectrum.Values[0]:0.###} and {spectrum.Values[1]:0.###}");

        void Descend()
        {
            for (int step = 0; step < 60; step++)
                objective.Position = [.. objective.Position.Zip(objective.Gradient(), (w, g) => w - 0.1 * g)];
        }
        Descend();
        output.WriteLine($"descent from the origin: loss {objective.Value():0.######}");

        // A short step along the eigenvector of the negative eigenvalue, and the same descent.
        objective.Position = [.. spectrum.Vector(0).Select(v => 0.1 * v)];
        Descend();
        output.WriteLine($"descent from beside it:  loss {objective.Value():0.######}");
    }

    public override IReadOnlyList<string> Mutations => ["step along the positive eigenvector", "start beside the origin"];

    public override void Run(LabContext lab)
    {
        // The network: two weights, each a number. Float64, so that "zero" can be read as zero.
        double start = lab.Mutated("start beside the origin") ? 0.1 : 0;
        Tensor w1 = Tensor.From(start).WithGrad(), w2 = Tensor.From(start).WithGrad();
        Tensor LossOf() => (1 - w2 * w1).Square();

        // What is known of the origin: the gradient and the Hessian's eigenvalues.
        var objective = new Objective(LossOf, w1, w2);
        var point = CriticalPoint.Here(objective);
        var spectrum = HessianSpectrum.Full(objective);
        lab.Table(
            ["at the origin", "value"],
            [
                ["loss", $"{point.Loss:0.###}"],
                ["length of the gradient", $"{point.GradientNorm:0.###}"],
                ["eigenvalues of the Hessian", $"{spectrum.Values[0]:0.###}, {spectrum.Values[1]:+0.###}"],
                ["kind of point", $"{point.Kind}"],
            ]);

        // A short step along an eigenvector, then plain gradient descent.
        int which = lab.Mutated("step along the positive eigenvector") ? 1 : 0;
        var direction = spectrum.Vector(which);
        objective.Position = [start + 0.1 * direction[0], start + 0.1 * direction[1]];
        var path = new List<double[]> { objective.Position };
        for (int step = 0; step < 60; step++)
        {
            var (_, gradient) = objective.Evaluate();
            objective.Position = [.. objective.Position.Zip(gradient, (w, g) => w - 0.1 * g)];
            path.Add(objective.Position);
        }
        double end = objective.Value();
        lab.Print(
            $"After a step of 0.1 along the eigenvector of eigenvalue {spectrum.Values[which]:0.#} and 60 steps of gradient descent the "
                + $"loss is {Say.Short(end)}.");

        lab.Figure(
            Draw(path, spectrum),
            "The error surface from above. Both arrows are eigenvectors at the origin; descent leaves along the falling one, to the other "
                + "side, and ends in the valley w₁w₂ = 1.");
        lab.Check($"the gradient at the start has length {point.GradientNorm:0.##}", point.GradientNorm, atMost: 1e-12);
        lab.Check(
            $"the eigenvalues are {spectrum.Values[0]:0.###} and {spectrum.Values[1]:+0.###}",
            Math.Max(Math.Abs(spectrum.Values[0] + 2), Math.Abs(spectrum.Values[1] - 2)), atMost: 1e-12);
        lab.Check($"one step along the negative eigenvector takes the loss from {point.Loss:0.#} to {Say.Short(end)}", end, atMost: 1e-6);
    }

    private static Plot Draw(List<double[]> path, EigenDecomposition spectrum)
    {
        var axis = Fit.Grid(-2, 2, 81);
        var plot = new Plot("(1 − w₁w₂)²")
        {
            XLabel = "w₁", YLabel = "w₂", ZLabel = "loss", EqualAspect = true, Width = 560, Height = 480, ZMax = 4,
        };
        plot.Contour(axis, axis, Fit.Surface(axis, axis, (a, b) => Math.Min(4, Math.Pow(1 - a * b, 2))), levels: 14);
        plot.Line([.. path.Select(p => p[0])], [.. path.Select(p => p[1])], "gradient descent", color: 1, markers: true);
        // An eigenvector has no sign: the falling one is drawn away from the path, where it can be seen.
        var (falling, rising) = (spectrum.Vector(0), spectrum.Vector(1));
        plot.Arrow(0, 0, -falling[0], -falling[1], color: 4).Text(-1.35 * falling[0], -1.35 * falling[1], "λ = −2");
        return plot.Arrow(0, 0, rising[0], rising[1], color: 4).Text(1.35 * rising[0], 1.35 * rising[1], "λ = +2");
    }
}

using DeepNet.Labs.Kit;

namespace DeepNet.Labs.Losses;

/// <summary>The loss of the smallest network with a hidden unit is not convex.</summary>
internal sealed class TinyNetworkSurface : Lab
{
    public override string Name => "one-one-one";

    public override string Title => "The 1-1-1 network: neither of its two losses is convex";

    public override string Claim => """
        The network y = w₂σ(w₁x) with σ(z) = 1/(1 + e⁻ᶻ) has one example, x = 1. Under the squared error ½(w₂σ(w₁))² to the target 0 the
        Hessian's determinant is w₂²σ³σ′(σ − 2), which is below zero wherever w₂ is not zero: there the surface bends up in one direction
        and down in another. The cross-entropy −log σ(w₂σ(w₁)) to the target 1 is not convex either: along w₁ it has the shape of an S.
        Close to a point the quadratic approximation of either is good, and a little further off it is not.
        """;

    public override string Question
        => "Squared error and cross-entropy are convex functions of a network's output: are they convex in its weights?";

    public override Guess? Guess => new(
        [
            "Yes: a convex function stays convex",
            "No, not even for the smallest network with a hidden unit",
            "Only cross-entropy is, which is why it trains better",
        ],
        Right: 1);

    public override string Explanation => """
        A convex loss of the output is convex in the weights if the output is linear in them, as in linear and logistic regression. Here
        the output is a product of one weight with a function of the other, and that is enough to spoil it.

        With $s = \sigma(w_1)$ the squared error is $L = \frac{1}{2} w_2^2 s^2$. Its second derivatives give $\mathrm{det}(\mathbf{H}) =
        \frac{\partial^2 L}{\partial w_1^2} \frac{\partial^2 L}{\partial w_2^2} - \left( \frac{\partial^2 L}{\partial w_1 \partial w_2}
        \right)^2 = -w_2^2 s^4 (1 - s)(2 - s)$. As $0 < s < 1$ it is negative wherever $w_2$ is not zero. The determinant is the product
        of the two eigenvalues, so that one of them is negative: a convex function has none.

        Cross-entropy along $w_1$ runs between two levels, $\log 2$ on the left and $-\log \sigma(w_2)$ on the right. A convex function
        that is bounded on a whole line is constant, and this one is not. Non-convex does not mean bad minima: neither surface has one
        that is not the best. It means that curvature changes its sign on the way, so that Newton's step and arguments from convexity hold
        close to a point only.
        """;

    public override string Falsified => """
        A place with w₂ not zero at which both eigenvalues of the squared error's Hessian are positive, or a cut of the cross-entropy that
        is convex along w₁.
        """;

    public override IReadOnlyList<string> Next => ["saddle", "taylor", "second-order"];

    public override void Example(TextWriter output)
    {
        static Tensor Squares(Tensor w) => 0.5 * (w[1] * w[0].Sigmoid()).Square();
        static Tensor Entropy(Tensor w) => -(w[1] * w[0].Sigmoid()).LogSigmoid();
        foreach (var (w1, w2) in new[] { (-2.0, 1.0), (0.0, 1.0), (2.0, 1.0), (0.5, -2.0) })
        {
            var w = Tensor.From(w1, w2);
            var squares = Linalg.Eigvalsh(Autograd.Hessian(Squares, w)).ToArray<double>();
            var entropy = Linalg.Eigvalsh(Autograd.Hessian(Entropy, w)).ToArray<double>();
            double s = 1 / (1 + Math.Exp(-w1)), formula = -w2 * w2 * Math.Pow(s, 4) * (1 - s) * (2 - s);
            output.WriteLine($"({w1}, {w2}): eigenvalues {squares[0]:0.000}, {squares[1]:0.000} of the squares "
                + $"(product {squares[0] * squares[1]:0.0000}, formula {formula:0.0000}), "
                + $"{entropy[0]:0.000}, {entropy[1]:0.000} of the cross-entropy");
        }
    }

    public override IReadOnlyList<string> Mutations => ["no hidden unit", "slope in place of curvature"];

    public override void Run(LabContext lab)
    {
        bool isLinear = lab.Mutated("no hidden unit");
        Tensor Output(Tensor w1, Tensor w2) => isLinear ? w1 + w2 : w2 * w1.Sigmoid();
        (string Name, Func<Tensor, Tensor, Tensor> Loss)[] losses =
        [
            ("½(w₂σ(w₁))²", (w1, w2) => 0.5 * Output(w1, w2).Square()),
            ("−log σ(w₂σ(w₁))", (w1, w2) => -Output(w1, w2).LogSigmoid()),
        ];

        // The squares' determinant against the formula, on a grid that avoids w₂ = 0.
        double[] grid = Fit.Grid(-3, 3, 12);
        double worst = 0, highest = double.NegativeInfinity;
        foreach (double w1 in grid)
            foreach (double w2 in grid)
            {
                double s = 1 / (1 + Math.Exp(-w1)), slope = s * (1 - s), formula = w2 * w2 * s * s * s * slope * (s - 2);
                double determinant = Expand(losses[0].Loss, w1, w2).Determinant;
                worst = Math.Max(worst, Math.Abs(determinant - formula));
                highest = Math.Max(highest, determinant);
            }
        lab.Check($"the determinant is the formula's to within {Say.Short(worst)}", worst, atMost: 1e-12);
        lab.Check($"and at most {Say.Short(highest)} at {grid.Length * grid.Length} places with w₂ ≠ 0", highest, atMost: -1e-9);

        foreach (var (name, loss) in losses)
        {
            double share = grid.SelectMany(w1 => grid.Select(w2 => Expand(loss, w1, w2).Lowest < -1e-9 ? 1.0 : 0)).Average();
            lab.Check($"{name} bends downwards in some direction at {share:P0} of these places", share, atLeast: 0.4);
            var (near, far) = (Miss(lab, loss, 0.1), Miss(lab, loss, 1));
            lab.Check($"{name}: a step of 0.1 misses the quadratic by {Say.Short(near)}, one of 1 by {Say.Short(far)}", far / near,
                atLeast: 300);
        }
        Draw(lab, losses);
        CheckCut(lab, losses[1].Loss);
    }

    /// <summary>The cut along w₁ at w₂ = 5: it falls from one level to another, steepest between them.</summary>
    private static void CheckCut(LabContext lab, Func<Tensor, Tensor, Tensor> loss)
    {
        double[] along = Fit.Grid(-8, 8, 161);
        double[] cut = [.. along.Select(w1 => Expand(loss, w1, 5).Value)];
        lab.Figure(
            new Plot("A cut along w₁ at w₂ = 5") { XLabel = "w₁", YLabel = "−log σ(5σ(w₁))" }.Line(along, cut),
            "The cross-entropy along one weight: flat, a fall, flat. A function that is bounded on a line and not constant is not convex.");
        double[] slopes = [.. cut.Skip(1).Zip(cut, (b, a) => b - a)];
        double ends = Math.Max(Math.Abs(slopes[0]), Math.Abs(slopes[^1])) / slopes.Max(Math.Abs);
        lab.Check($"the cut's slope at its ends is {ends:P1} of the steepest", ends, atMost: 0.05);
    }

    /// <summary>The largest error of the quadratic approximation at (0.5, 1), over steps of a length in all directions.</summary>
    private static double Miss(LabContext lab, Func<Tensor, Tensor, Tensor> loss, double length)
    {
        var at = Expand(loss, 0.5, 1);
        bool isSpoilt = lab.Mutated("slope in place of curvature");
        return Fit.Grid(0, 2 * Math.PI, 33).Max(angle =>
        {
            double d1 = length * Math.Cos(angle), d2 = length * Math.Sin(angle);
            double said = isSpoilt ? at.Linear(d1, d2) : at.Quadratic(d1, d2);
            return Math.Abs(said - Expand(loss, 0.5 + d1, 1 + d2).Value);
        });
    }

    private static void Draw(LabContext lab, (string Name, Func<Tensor, Tensor, Tensor> Loss)[] losses)
    {
        double[] axis = Fit.Grid(-3, 3, 31);
        foreach (var (name, loss) in losses)
        {
            var at = Expand(loss, 0.5, 1);
            var surface = Fit.Surface(axis, axis, (w1, w2) => Expand(loss, w1, w2).Value);
            var quadratic = Fit.Surface(axis, axis, (w1, w2) => at.Quadratic(w1 - 0.5, w2 - 1));
            lab.Figure(
                new PlotGrid(
                    null, 2,
                    new Plot(name) { XLabel = "w₁", YLabel = "w₂", ZLabel = "loss", Width = 480, Height = 400, Elevation = 35 }
                        .Surface(axis, axis, surface),
                    new Plot("and its quadratic approximation at (0.5, 1)")
                    {
                        XLabel = "w₁", YLabel = "w₂", ZLabel = "loss", Width = 480, Height = 400, EqualAspect = true,
                    }
                        .Contour(axis, axis, surface, levels: 12)
                        .Contour(axis, axis, quadratic, Fit.Grid(surface.Cast<double>().Min(), surface.Cast<double>().Max(), 8))
                        .Scatter([0.5], [1], color: 1, size: 9)),
                "First: the surface. Second: from above, with the level lines of the quadratic approximation at the dot.");
        }
    }

    /// <summary>Value, gradient and Hessian of a loss at a place.</summary>
    private sealed record Expansion(double Value, double[] Gradient, double H11, double H12, double H22)
    {
        public double Determinant => H11 * H22 - H12 * H12;

        /// <summary>The smaller eigenvalue.</summary>
        public double Lowest => (H11 + H22) / 2 - Math.Sqrt(Math.Pow((H11 - H22) / 2, 2) + H12 * H12);

        public double Linear(double d1, double d2) => Value + Gradient[0] * d1 + Gradient[1] * d2;

        public double Quadratic(double d1, double d2) => Linear(d1, d2) + 0.5 * (H11 * d1 * d1 + 2 * H12 * d1 * d2 + H22 * d2 * d2);
    }

    private static Expansion Expand(Func<Tensor, Tensor, Tensor> loss, double at1, double at2)
    {
        using var scope = Memory.Scope();
        Tensor w1 = Tensor.From(at1).WithGrad(), w2 = Tensor.From(at2).WithGrad();
        var value = loss(w1, w2);
        var first = Autograd.Grad(value, [w1, w2], createGraph: true);
        double Second(Tensor of, Tensor by) => Autograd.Grad(of, [by], createGraph: true)[0]?.Item<double>() ?? 0;
        return new(
            value.Item<double>(), [first[0].Item<double>(), first[1].Item<double>()], Second(first[0], w1), Second(first[0], w2),
            Second(first[1], w2));
    }
}

using DeepNet.Labs.Kit;

namespace DeepNet.Labs.Losses;

/// <summary>Why classification is trained with cross-entropy.</summary>
internal sealed class CrossEntropyAgainstSquares : Lab
{
    public override string Name => "cross-entropy";

    public override string Title => "Cross-entropy against squared error behind a softmax";

    public override string Claim => """
        Behind a softmax, the gradient of cross-entropy by the logits is p − y: far from the answer it is large. The gradient of squared
        error has the probabilities as a further factor and vanishes where the answer is most wrong. From a bad start, descent on
        cross-entropy gets away, and descent on squared error stays.
        """;

    public override string Question
        => "A classifier is certain of a wrong class: which loss corrects it faster, squared error or cross-entropy?";

    public override Guess? Guess => new(
        [
            "Squared error, because it punishes large errors most",
            "Both alike: they have the same minimum",
            "Cross-entropy by far: the gradient of squared error is nearly zero there",
        ],
        Right: 2);

    public override string Explanation => """
        With $p_j = \frac{e^{z_j}}{\sum_k e^{z_k}}$ the derivative of a softmax is $\frac{\partial p_j}{\partial z_i} = p_j (\delta_{ij} -
        p_i)$. For cross-entropy $L = -\sum_j y_j \log p_j$ the factor $1 / p_j$ of the logarithm cancels the factor $p_j$ of the softmax,
        and what is left is $\frac{\partial L}{\partial z_i} = p_i - y_i$: as large as the error.

        For squared error $L = \sum_j (p_j - y_j)^2$ nothing cancels: $\frac{\partial L}{\partial z_i} = 2 p_i \left( p_i - y_i - \sum_j
        p_j (p_j - y_j) \right)$. If the right class has $p \approx 0$ and a wrong one $p \approx 1$, the first gets the factor $p_i
        \approx 0$ and the bracket of the second is $1 - 1 = 0$. The surface is a high plateau there.

        Both losses have their minimum at $p = y$, and close to it squared error does no harm. The difference matters at the start, and
        for examples that are badly wrong. For the same reason it matters with wrong labels: cross-entropy pulls hard at each of them,
        squared error gives up on them.
        """;

    public override string Falsified => """
        A gradient of cross-entropy that is not p − y, or descent on squared error that leaves the bad start about as soon.
        """;

    public override IReadOnlyList<string> Next => ["sigmoid-and-squares", "cross-entropy-is-kl", "likelihood"];

    public override void Example(TextWriter output)
    {
        // Two classes, of which the first is right.
        var target = Tensor.From<double>([1, 0], new Shape(1, 2));
        foreach (double wrong in new[] { 1.0, 5, 10, 20 })
        {
            var logits = Tensor.From<double>([-wrong / 2, wrong / 2], new Shape(1, 2)).WithGrad();
            var p = logits.Softmax(1);
            double entropy = Autograd.Grad(Loss.CrossEntropy(logits, target), logits).Norm().Item<double>();
            double squares = Autograd.Grad((target - p).Square().Sum(), logits).Norm().Item<double>();
            output.WriteLine($"p of the right class {p[0, 0].Item<double>():0.0e+0}: "
                + $"gradient of cross-entropy {entropy:0.000}, of squared error {squares:0.0e+0}");
        }
    }

    public override IReadOnlyList<string> Mutations => ["start near the answer", "cross-entropy replaced by squared error"];

    public override void Run(LabContext lab)
    {
        // Three classes, the first of them right. The third is out of the race (its logit is −1000), so that two logits make a surface.
        var target = Tensor.From<double>([1, 0, 0], new Shape(1, 3));
        Func<Tensor, Tensor> crossEntropy = logits => -(target * logits.LogSoftmax(1)).Sum();
        Func<Tensor, Tensor> squares = logits => (target - logits.Softmax(1)).Square().Sum();
        if (lab.Mutated("cross-entropy replaced by squared error")) crossEntropy = squares;
        var start = lab.Mutated("start near the answer") ? (0.5, -0.5) : (-10.0, 10.0);
        int steps = lab.Pick(full: 2000, reduced: 1000);

        var byEntropy = Descend(crossEntropy, start, lab.Steps(steps));
        var bySquares = Descend(squares, start, lab.Steps(steps));
        double ratio = byEntropy.FirstGradient / bySquares.FirstGradient;

        // The derivative that the lecture works out by hand, at a place like any other.
        var place = Logits(1.5, -0.5).WithGrad();
        var gradient = Autograd.Grad(crossEntropy(place), place);
        double byHand = (gradient - (place.Detach().Softmax(1) - target)).Abs().Max().Item<double>();

        lab.Figure(
            new PlotGrid(null, 2, Surface("Cross-entropy", crossEntropy, byEntropy), Surface("Squared error", squares, bySquares)),
            $"Loss over two logits, the class of y₁ being right. Both descents start at the square and take {steps} steps; the one on "
                + "squared error has not moved.");
        lab.Check($"the gradient of cross-entropy is p − y up to {byHand:0e0}", byHand, atMost: 1e-12);
        lab.Check(
            $"at the start it is {byEntropy.FirstGradient:0.00} long and that of squared error {bySquares.FirstGradient:0.0e0}", ratio,
            atLeast: 1e6);
        lab.Check(
            $"descent on cross-entropy ends with p = {byEntropy.Probability:0.000} for the right class", byEntropy.Probability,
            atLeast: 0.99);
        lab.Check($"descent on squared error with {bySquares.Probability:0.0e0}", bySquares.Probability, atMost: 0.01);
    }

    private static Tensor Logits(double y1, double y2) => Tensor.From<double>([y1, y2, -1000], new Shape(1, 3));

    private sealed record Path(List<double> Y1, List<double> Y2, double FirstGradient, double Probability);

    private static Path Descend(Func<Tensor, Tensor> loss, (double Y1, double Y2) start, IEnumerable<int> steps)
    {
        var logits = new Parameter(Logits(start.Y1, start.Y2));
        var path = new Path([start.Y1], [start.Y2], Autograd.Grad(loss(logits), logits).Norm().Item<double>(), 0);
        Descent.Run(new Sgd([logits], learningRate: 0.5), steps, _ => loss(logits), _ =>
        {
            path.Y1.Add(logits.Value[0, 0].Item<double>());
            path.Y2.Add(logits.Value[0, 1].Item<double>());
        });
        return path with { Probability = logits.Value.Detach().Softmax(1)[0, 0].Item<double>() };
    }

    private static Plot Surface(string title, Func<Tensor, Tensor> loss, Path path)
    {
        double[] axis = Fit.Grid(-12, 12, 49);
        return new Plot(title)
        {
            XLabel = "logit y₁ of the right class", YLabel = "logit y₂ of a wrong class", ZLabel = "loss", Width = 480, Height = 420,
            EqualAspect = true,
        }
            .Contour(axis, axis, Fit.Surface(axis, axis, (y1, y2) => loss(Logits(y1, y2)).Item<double>()), levels: 12)
            .Line(path.Y1, path.Y2, "descent", color: 1)
            .Scatter(path.Y1[..1], path.Y2[..1], "start", color: 1, size: 9);
    }
}

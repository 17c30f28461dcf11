using DeepNet.Labs.Kit;

namespace DeepNet.Labs.Generalisation;

/// <summary>The most probable weights under a prior.</summary>
internal sealed class PriorIsDecay : Lab
{
    public override string Name => "map-is-weight-decay";

    public override string Title => "Weight decay is a Gaussian prior on the weights";

    public override string Claim => """
        Say before any data that weights are probably small: normally distributed about zero with deviation τ. The most probable weights
        given the data are then exactly those of least squares with weight decay λ = σ²/τ², where σ is the deviation of the noise. And
        where weights really are drawn so, this λ, and no smaller or larger one, comes closest to them on average.
        """;

    public override string Question => "The noise has deviation σ, the weights about τ: is there a right strength of weight decay?";

    public override Guess? Guess => new(
        [
            "No: it can only be found by trying",
            "Yes, σ²/τ²: much decay for noisy data, little for large weights",
            "Yes, zero: every penalty moves the weights away from the true ones",
        ],
        Right: 1);

    public override string Explanation => """
        By Bayes' rule $p(\mathbf{w} | D) \propto p(D | \mathbf{w}) \, p(\mathbf{w})$. With Gaussian noise and a Gaussian prior the negative
        logarithm is $\frac{1}{2\sigma^2} \sum_i (y_i - \mathbf{w}^T \mathbf{x}_i)^2 + \frac{1}{2\tau^2} |\mathbf{w}|^2$ plus a constant.
        Multiplied by $2\sigma^2$ it is the squared error with the penalty $\lambda |\mathbf{w}|^2$, $\lambda = \sigma^2 / \tau^2$.
        The two have the same minimum: $\mathbf{w} = (X^T X + \lambda I)^{-1} X^T \mathbf{y}$.

        So a penalty is knowledge in another form. Noisy data ($\sigma$ large) or a firm belief ($\tau$ small) ask for much decay. The
        data's part grows with the number of examples, the prior's does not: with many examples the choice of $\lambda$ hardly matters.

        The posterior here is Gaussian, so its most probable point is its mean as well, and no estimate has a smaller mean squared error if
        the prior is true. A Laplace prior gives $|\mathbf{w}|_1$ in the same way, and with it zeros. In networks the prior on weights is a
        convenience that nobody believes in, and $\lambda$ is chosen by validation.
        """;

    public override string Falsified => """
        Most probable weights that differ from those of weight decay by more than rounding, or a mean error that is smaller with three
        times more or less decay than σ²/τ².
        """;

    public override IReadOnlyList<string> Next => ["l1-l2", "uncertainty", "likelihood"];

    public override void Example(TextWriter output)
    {
        // Twelve examples with noise of deviation 1.5; the weights have a deviation of 0.5.
        Generator.SetSeed(1);
        const double sigma = 1.5, tau = 0.5;
        var x = Tensor.Randn(new Shape(12, 4), DType.Float64);
        var y = x.MatMul(tau * Tensor.Randn(new Shape(4, 1), DType.Float64)) + sigma * Tensor.Randn(new Shape(12, 1), DType.Float64);
        var w = new Parameter(Tensor.Zeros(new Shape(4, 1), DType.Float64));
        var optimizer = new Sgd([w], 0.02);
        for (int step = 0; step < 500; step++)
        {
            optimizer.ZeroGrad();
            // The negative logarithm of likelihood and prior, without constants.
            var likelihood = (y - x.MatMul(w.Value)).Square().Sum() / (2 * sigma * sigma);
            (likelihood + w.Value.Square().Sum() / (2 * tau * tau)).Backward();
            optimizer.Step();
        }
        double lambda = sigma * sigma / (tau * tau);
        var decayed = Linalg.Solve(x.T.MatMul(x) + lambda * Tensor.Eye(4, dtype: DType.Float64), x.T.MatMul(y));
        output.WriteLine($"most probable weights: {string.Join(", ", w.Value.ToArray<double>().Select(v => $"{v:0.0000}"))}");
        output.WriteLine($"with decay {lambda:0}:      {string.Join(", ", decayed.ToArray<double>().Select(v => $"{v:0.0000}"))}");
    }

    public override IReadOnlyList<string> Mutations => ["prior left out", "weights wider than the prior says"];

    private const int Features = 6, Count = 12;
    private const double Noise = 1.5, Width = 0.5, Decay = Noise * Noise / (Width * Width);

    public override void Run(LabContext lab)
    {
        SamePoint(lab);
        BestDecay(lab);
    }

    private static void SamePoint(LabContext lab)
    {
        var (x, y, _) = Data(1, Count, Features, Width);
        (x, y) = (x[0], y[0]);
        double[] probable = Minimum(0.02, 0, MinusLogProbability);
        double[] decayed = Minimum(0.005, 2 * Decay, w => (x.MatMul(w) - y).Square().Sum());
        double[] solved = Solve(x, y, Decay).ToArray<double>(), unpenalised = Solve(x, y, 0).ToArray<double>();
        lab.Table(
            ["weight", "least squares alone", "most probable", "descent with weight decay", "solution of the equations"],
            Enumerable.Range(0, Features).Select(
                i => (string[])[$"{i + 1}", $"{unpenalised[i]:0.000000}", $"{probable[i]:0.000000}", $"{decayed[i]:0.000000}",
                    $"{solved[i]:0.000000}"]));
        double off = probable.Zip(decayed, (a, b) => Math.Abs(a - b)).Max(),
            offSolution = probable.Zip(solved, (a, b) => Math.Abs(a - b)).Max();
        lab.Check($"the most probable weights are those of weight decay to {Say.Short(off)}", off, atMost: 1e-9);
        lab.Check($"and of the equations with λ = σ²/τ² = {Decay:0} to {Say.Short(offSolution)}", offSolution, atMost: 1e-9);

        Tensor MinusLogProbability(Tensor w)
        {
            static Tensor Number(double v) => Tensor.Full(new Shape(1), v, DType.Float64);
            var fits = new Distributions.Normal(x.MatMul(w), Number(Noise)).LogProb(y).Sum();
            return lab.Mutated("prior left out") ? -fits : -(fits + new Distributions.Normal(Number(0), Number(Width)).LogProb(w).Sum());
        }
        double[] Minimum(double rate, double decay, Func<Tensor, Tensor> loss)
        {
            var w = new Parameter(Tensor.Zeros(new Shape(Features, 1), DType.Float64));
            Descent.Run(new Sgd([w], rate) { WeightDecay = decay }, lab.Steps(600), () => loss(w.Value));
            return w.Value.ToArray<double>();
        }
    }

    private static void BestDecay(LabContext lab)
    {
        double width = lab.Mutated("weights wider than the prior says") ? 3 * Width : Width;
        var (x, y, truth) = Data(lab.Pick(full: 4000, reduced: 1000), Count, Features, width);
        double[] ratios = [0.03, 0.1, 1.0 / 3, 0.6, 1, 1.6, 3, 10, 30];
        double[] errors = [.. ratios.Select(r => (Solve(x, y, r * Decay) - truth).Square().Sum(1).Mean().Item<double>())];
        var (px, py, _) = Data(1, 8, 2, 2 * Width);
        double[] strengths = [0, .. Enumerable.Range(0, 60).Select(i => 0.05 * Math.Pow(1.2, i))];
        double[][] path = [.. strengths.Select(s => Solve(px[0], py[0], s).ToArray<double>())];
        double[] probable = Solve(px[0], py[0], Decay).ToArray<double>();
        double Error(double a, double b)
            => (py[0] - px[0].MatMul(Tensor.From<double>(a, b).Reshape(2, 1))).Square().Sum().Item<double>();
        double[] axis = Fit.Grid(-2, 2, 41), turn = Fit.Grid(0, 2 * Math.PI, 91);
        lab.Figure(
            new PlotGrid(null, 2,
                new Plot("From the data's weights to the prior's")
                {
                    XLabel = "w₁", YLabel = "w₂", ZLabel = "squared error", EqualAspect = true, Width = 520, Legend = LegendPlace.Below,
                }
                    .Contour(axis, axis, Fit.Surface(axis, axis, Error), levels: 14, filled: false)
                    .Line([.. turn.Select(a => Width * Math.Cos(a))], [.. turn.Select(a => Width * Math.Sin(a))],
                        "prior: one deviation", color: 2)
                    .Line([.. path.Select(p => p[0])], [.. path.Select(p => p[1])], "any strength of decay", LineStyle.Dashed, color: 1)
                    .Scatter([path[0][0]], [path[0][1]], "least squares alone", color: 0, size: 9)
                    .Scatter([probable[0]], [probable[1]], "most probable", color: 1, size: 10),
                new Plot("Distance from the true weights")
                {
                    XLabel = "λ / (σ²/τ²)", YLabel = "mean squared distance", XScale = AxisScale.Log, Width = 520,
                }
                    .Line(ratios, errors, markers: true).VerticalLine(1, "λ = σ²/τ²")),
            $"First two weights and their prior; then {x.Shape[0]} sets of {Count} examples, each with weights drawn from the prior.");
        double less = errors[2] / errors[4], more = errors[6] / errors[4];
        lab.Check($"with a third of that λ the error is {less:0.00} times as large", less, atLeast: 1.05);
        lab.Check($"with three times that λ {more:0.00} times", more, atLeast: 1.05);
    }

    /// <summary>Sets of examples, each with weights drawn from the prior.</summary>
    private static (Tensor X, Tensor Y, Tensor Weights) Data(int sets, int count, int features, double width)
    {
        Tensor x = Tensor.Randn(new Shape(sets, count, features), DType.Float64),
            weights = width * Tensor.Randn(new Shape(sets, features, 1), DType.Float64);
        return (x, x.MatMul(weights) + Noise * Tensor.Randn(new Shape(sets, count, 1), DType.Float64), weights);
    }

    /// <summary>(XᵀX + λI)⁻¹Xᵀy.</summary>
    private static Tensor Solve(Tensor x, Tensor y, double decay)
    {
        var transposed = x.Transpose(-2, -1);
        return Linalg.Solve(
            transposed.MatMul(x) + decay * Tensor.Eye(x.Shape[x.Rank - 1], dtype: DType.Float64), transposed.MatMul(y));
    }
}

using DeepNet.Labs.Kit;

namespace DeepNet.Labs.Losses;

internal sealed class SigmoidAndSquares : Lab
{
    public override string Name => "sigmoid-and-squares";

    public override string Title => "Behind a sigmoid, squared error hardly corrects what is badly wrong";

    public override string Claim => """
        The gradient of ½(σ(z) − y)² with respect to z is (σ(z) − y)·σ′(z). Far on the wrong side σ′ is nearly zero, so the worse the
        mistake, the smaller its correction. Cross-entropy has the gradient σ(z) − y without that factor: the largest correction for the
        largest mistake. A unit that starts far on the wrong side is right soon with the one and stays wrong for long with the other.
        """;

    public override string Question => "A sigmoid unit puts out 0.002 where 1 is right: how strongly does squared error correct it?";

    public override Guess? Guess => new(
        [
            "Most strongly of all, because the error is nearly 1",
            "As strongly as in the middle, at an output of 0.5",
            "Hardly at all: the slope of the sigmoid is nearly zero there",
        ],
        Right: 2);

    public override string Explanation => """
        With $a = \sigma(z)$ the slope of the sigmoid is $a(1 - a)$: at most $\frac{1}{4}$, in the middle, and nearly zero on both sides,
        where the unit is saturated. By the chain rule the gradient of $\frac{1}{2} (a - y)^2$ is $(a - y) a (1 - a)$. For $y = 1$ and $a
        \to 0$ it goes to zero like $a$: the unit that is most wrong learns least.

        Cross-entropy $-y \log a - (1 - y) \log(1 - a)$ has the derivative $\frac{a - y}{a (1 - a)}$ by $a$. Its denominator is just the
        slope of the sigmoid, so that the gradient by $z$ is $a - y$: proportional to the error and never saturated. The logarithm undoes
        the exponential of the sigmoid.

        At $z = -6$ the ratio of both is $\frac{1}{a (1 - a)} \approx 400$. It concerns the output unit only; hidden sigmoids still
        multiply the gradient by their slopes, whatever the loss. In code the sigmoid and the logarithm belong into one function
        (BceWithLogits, LogSigmoid), because $\log \sigma(z)$ of a rounded $\sigma(z) = 0$ is infinite.
        """;

    public override string Falsified => """
        Gradients that differ from the two formulas, or a unit that gets right with squared error in less than twenty times the steps.
        """;

    public override IReadOnlyList<string> Next => ["cross-entropy", "vanishing", "likelihood"];

    public override void Example(TextWriter output)
    {
        int StepsToHalf(Func<Tensor, Tensor> loss)
        {
            var z = new Parameter(Tensor.From(-6.0));
            var optimizer = new Sgd([z], learningRate: 0.5);
            int steps = 0;
            for (; z.Value.Item<double>() < 0; steps++)
            {
                optimizer.ZeroGrad();
                loss(z.Value).Backward();
                optimizer.Step();
            }
            return steps;
        }

        // The target is 1.
        output.WriteLine($"squared error: right after {StepsToHalf(z => 0.5 * (z.Sigmoid() - 1).Square())} steps");
        output.WriteLine($"cross-entropy: right after {StepsToHalf(z => -z.LogSigmoid())} steps");
    }

    public override IReadOnlyList<string> Mutations => ["cross-entropy for both", "start on the right side"];

    public override void Run(LabContext lab)
    {
        Tensor Squares(Tensor z) => lab.Mutated("cross-entropy for both") ? Entropy(z) : 0.5 * (z.Sigmoid() - 1).Square();
        static Tensor Entropy(Tensor z) => -z.LogSigmoid();
        static double Slope(Func<Tensor, Tensor> loss, double at)
        {
            var z = Tensor.From(at).WithGrad();
            return Autograd.Grad(loss(z), z).Item<double>();
        }
        static double Sigmoid(double z) => 1 / (1 + Math.Exp(-z));

        double[] axis = Fit.Grid(-8, 8, 81);
        double[] squares = [.. axis.Select(z => Slope(Squares, z))], entropy = [.. axis.Select(z => Slope(Entropy, z))];
        double off = axis.Select((z, i) => Math.Max(
            Math.Abs(squares[i] - (Sigmoid(z) - 1) * Sigmoid(z) * (1 - Sigmoid(z))), Math.Abs(entropy[i] - (Sigmoid(z) - 1)))).Max();

        double start = lab.Mutated("start on the right side") ? 3 : -6;
        int Steps(Func<Tensor, Tensor> loss, List<double> path)
        {
            var z = new Parameter(Tensor.From(start));
            Descent.Run(new Sgd([z], 0.5), lab.Steps(4000), _ => loss(z.Value), _ => path.Add(Sigmoid(z.Value.Item<double>())));
            return path.FindIndex(p => p > 0.5) is var i and >= 0 ? i + 1 : path.Count;
        }
        List<double> pathOfSquares = [], pathOfEntropy = [];
        int slow = Steps(Squares, pathOfSquares), fast = Steps(Entropy, pathOfEntropy);
        lab.Figure(
            new PlotGrid(
                null, 2,
                new Plot("gradient at z, for the target 1") { XLabel = "z", YLabel = "gradient", Width = 460, Legend = LegendPlace.Below }
                    .Line(axis, squares, "squared error").Line(axis, entropy, "cross-entropy"),
                new Plot("the unit's output, from z = −6")
                {
                    XLabel = "step", YLabel = "σ(z)", Width = 460, XScale = AxisScale.Log,
                    Legend = LegendPlace.Below
                }
                    .Line([.. pathOfSquares.Select((_, i) => i + 1.0)], pathOfSquares, "squared error")
                    .Line([.. pathOfEntropy.Select((_, i) => i + 1.0)], pathOfEntropy, "cross-entropy")),
            "First: far on the wrong side (left) squared error has no gradient left. Second: what that does to learning.");
        lab.Check($"both gradients are the formulas to within {Say.Short(off)}", off, atMost: 1e-12);
        double ratio = Slope(Entropy, -6) / Slope(Squares, -6);
        lab.Check($"at z = −6 cross-entropy corrects {ratio:0} times as much", ratio, atLeast: 100);
        lab.Check($"it is right after {fast} steps, squared error after {slow}", (double)slow / fast, atLeast: 20);
    }
}

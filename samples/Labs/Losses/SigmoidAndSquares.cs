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

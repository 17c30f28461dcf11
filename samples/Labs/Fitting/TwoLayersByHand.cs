using DeepNet.Labs.Kit;

namespace DeepNet.Labs.Fitting;

internal sealed class TwoLayersByHand : Lab
{
    private const int Inputs = 3, Hidden = 3;

    public override string Name => "two-layers-by-hand";

    public override string Title => "y = b + cᵀσ(b + Wx) is exactly what two layers compute";

    public override string Claim => """
        A network with one hidden layer is the formula y = b₂ + cᵀσ(b₁ + Wx). Written out with loops over plain numbers, and put together
        from the layers Linear, Sigmoid and Linear, it gives the same numbers. So do its derivatives: what the chain rule gives on paper
        is what the backward pass computes.
        """;

    public override string Question => "How do the derivatives of a backward pass differ from those that the chain rule gives on paper?";

    public override Guess? Guess => new(
        [
            "They are approximations by small differences of the loss",
            "Not at all, up to rounding",
            "They have the right signs, but other sizes",
        ],
        Right: 1);

    public override string Explanation => """
        With $\mathbf{r} = \mathbf{b}_1 + \mathbf{W}\mathbf{x}$ and $\mathbf{a} = \sigma(\mathbf{r})$ the output is $y = b_2 +
        \mathbf{c}^T \mathbf{a}$, that is $y = b_2 + \sum_i c_i \sigma(b_i + \sum_j W_{ij} x_j)$. Each hidden unit weighs the inputs, adds
        its bias and squashes the result; the output weighs the units.

        The derivative of the sigmoid is $a(1 - a)$, so the chain rule gives $\frac{\partial y}{\partial c_i} = a_i$ and $\frac{\partial
        y}{\partial W_{ij}} = c_i a_i (1 - a_i) x_j$. A backward pass multiplies the same factors in the same way: each layer takes the
        derivative of the output by what it put out, and passes on the derivative by what it took in.

        This is not a numerical approximation. It is exact for every function that is put together from differentiable operators, and it
        costs about as much as a few forward passes, however many weights there are.
        """;

    public override string Falsified => """
        An output or a derivative that differs from the formula's by more than rounding of 64-bit numbers leaves.
        """;

    public override IReadOnlyList<string> Next => ["vanishing", "brain-and-backprop", "sigmoid-and-squares"];

    public override void Example(TextWriter output)
    {
        Generator.SetSeed(1);
        Linear first = new(3, 2), second = new(2, 1);
        var x = Tensor.From<float>([0.5f, -1, 2], new Shape(1, 3));
        var y = new Sequential(first, new Sigmoid(), second).Forward(x);
        y.Sum().Backward();

        var (w, b, c) = (first.Weight.Value.ToMatrix(), first.Bias!.Value.ToArray(), second.Weight.Value.ToArray());
        double byHand = second.Bias!.Value.Item();
        var slopes = new double[2];
        for (int i = 0; i < 2; i++)
        {
            double a = 1 / (1 + Math.Exp(-(b[i] + w[i, 0] * 0.5 - w[i, 1] + w[i, 2] * 2)));
            byHand += c[i] * a;
            slopes[i] = c[i] * a * (1 - a) * 2;     // by the weight of the third input, which is 2
        }
        output.WriteLine($"output: layers {y.Item():0.00000}, by hand {byHand:0.00000}");
        for (int i = 0; i < 2; i++)
            output.WriteLine($"dy/dW[{i}, 2]: layers {first.Weight.Grad![i, 2].Item():0.00000}, by hand {slopes[i]:0.00000}");
    }

    public override IReadOnlyList<string> Mutations => ["W transposed", "derivative of the sigmoid forgotten"];

    public override void Run(LabContext lab)
    {
        Linear first = new(Inputs, Hidden), second = new(Hidden, 1);
        var model = new Sequential(first, new Sigmoid(), second);
        model.To(DType.Float64);
        var x = Tensor.Randn(new Shape(100, Inputs), DType.Float64, generator: lab.Random);
        var output = model.Forward(x);
        var byLayers = output.ToArray<double>();

        // The same weights as plain numbers.
        var w = (lab.Mutated("W transposed") ? first.Weight.Value.T : first.Weight.Value).ToMatrix<double>();
        var b1 = first.Bias!.Value.ToArray<double>();
        var c = second.Weight.Value.ToArray<double>();
        double b2 = second.Bias!.Value.Item<double>();
        var data = x.ToMatrix<double>();

        // Forward and, for the sum of all outputs, backward: dy/dc = σ, dy/dW = c σ(1 − σ) x.
        var byHand = new double[100];
        var gradientOfW = new double[Hidden, Inputs];
        for (int example = 0; example < 100; example++)
        {
            byHand[example] = b2;
            for (int i = 0; i < Hidden; i++)
            {
                double r = b1[i];
                for (int j = 0; j < Inputs; j++) r += w[i, j] * data[example, j];
                double a = 1 / (1 + Math.Exp(-r));
                byHand[example] += c[i] * a;
                double slope = lab.Mutated("derivative of the sigmoid forgotten") ? 1 : a * (1 - a);
                for (int j = 0; j < Inputs; j++) gradientOfW[i, j] += c[i] * slope * data[example, j];
            }
        }
        output.Sum().Backward();
        var byBackward = first.Weight.Grad!.ToMatrix<double>();

        double outputs = byHand.Zip(byLayers, (h, l) => Math.Abs(h - l)).Max();
        double gradients = gradientOfW.Cast<double>().Zip(byBackward.Cast<double>(), (h, l) => Math.Abs(h - l)).Max();
        lab.Table(
            ["example", "by hand", "by layers"],
            Enumerable.Range(0, 4).Select(e => (string[])[$"{e}", $"{byHand[e]:0.000000000000}", $"{byLayers[e]:0.000000000000}"]));
        double[] all = [.. byHand.Order()];
        lab.Figure(
            new PlotGrid(
                null, 2,
                new Plot("outputs of 100 examples") { XLabel = "by hand", YLabel = "by layers", Width = 420, Height = 360 }
                    .Line(all, all, "equal", LineStyle.Dashed).Scatter(byHand, byLayers, "examples", size: 5),
                new Plot("derivative by each weight of W") { XLabel = "weight", YLabel = "derivative", Width = 460, Height = 360 }
                    .Bar(Names(), [.. gradientOfW.Cast<double>()], "by hand")
                    .Bar(Names(), [.. byBackward.Cast<double>()], "by backward pass")),
            "First: every point lies on the diagonal. Second: bars of each pair are equally high.");
        lab.Check($"outputs differ by at most {Say.Short(outputs)}", outputs, atMost: 1e-13);
        lab.Check($"derivatives differ by at most {Say.Short(gradients)}", gradients, atMost: 1e-12);
    }

    private static string[] Names() => [.. Enumerable.Range(0, Hidden * Inputs).Select(k => $"{k / Inputs + 1},{k % Inputs + 1}")];
}

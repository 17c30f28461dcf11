using DeepNet.Labs.Kit;

namespace DeepNet.Labs.Fitting;

internal sealed class TwoLayersByHand : Lab
{
    private const int Inputs = 3, Hidden = 3;

    public override string Name => "two-layers-by-hand";

    public override string Title => "y = b + cᵀσ(b + Wx): the formula on the slide is what two layers compute";

    public override string Claim => """
        A network with one hidden layer is the formula y = b₂ + cᵀσ(b₁ + Wx). Written out with loops over plain numbers, and put together of
        the layers Linear, Sigmoid and Linear, it gives the same numbers. So do its derivatives: what the chain rule gives on paper is what
        the backward pass gives.
        """;

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

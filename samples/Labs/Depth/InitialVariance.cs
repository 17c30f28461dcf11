using DeepNet.Labs.Kit;

namespace DeepNet.Labs.Depth;

/// <summary>How large to draw the first weights.</summary>
internal sealed class InitialVariance : Lab
{
    public override string Name => "initial-variance";

    public override string Title => "Variance of activations and gradients under each initialisation";

    public override string Claim => """
        A layer of n ReLUs multiplies the mean square of what passes through it, forward or backward, by n·Var(w)/2. He's Var(w) = 2/n keeps
        it; Xavier's 1/n halves it at every layer; with a fixed standard deviation of 0.01 the signal dies out, with one of 0.2 it explodes.
        """;

    public override string Question => "How large must the initial weights of a deep ReLU network be?";

    public override Guess Guess => new(
        [
            "Any small random numbers, such as a standard deviation of 0.01, will do",
            "Variance 1/n, so that each linear layer keeps the variance",
            "Variance 2/n, since a ReLU takes away half of the mean square",
            "As large as possible, so that the signal does not vanish",
        ],
        Right: 2);

    public override string Explanation => """
        A unit computes $z = \sum_{i=1}^{n} w_i x_i$. If the weights are independent of each other and of $x$ and have mean 0, the terms are
        uncorrelated and $\mathrm{Var}(z) = n \mathrm{Var}(w) \mathrm{E}[x^2]$. The distribution of $z$ is symmetric about 0, so ReLU keeps
        half of its mean square: $\mathrm{E}[\max(0, z)^2] = \frac{1}{2} \mathrm{Var}(z)$.

        Together each layer multiplies the mean square by $\frac{n \mathrm{Var}(w)}{2}$, and $L$ layers by its power:
        $\mathrm{E}[x_L^2] = \left( \frac{n \mathrm{Var}(w)}{2} \right)^L \mathrm{E}[x_0^2]$. A factor of $\frac{1}{2}$ leaves a millionth
        after 20 layers. The same holds for gradients on the way back, with the number of outputs in place of the number of inputs; here
        both are $n$.

        Without the ReLU, or with $\tanh$ near 0, nothing is halved, and Xavier's $\mathrm{Var}(w) = \frac{1}{n}$ is right. The uniform
        forms draw from $-a$ to $a$ with $\frac{a^2}{3}$ equal to the same variance. The derivation holds at the start, as long as weights
        and inputs are independent; normalisation layers keep the scale during training.
        """;

    public override string Falsified => """
        A factor per layer, forward or backward, that differs from n·Var(w)/2 by more than a tenth for any of the five initialisations.
        """;

    public override IReadOnlyList<string> Next => ["vanishing", "batch-norm", "degradation"];

    public override void Example(TextWriter output)
    {
        Generator.SetSeed(1);
        const int width = 256, layers = 20;
        (string Name, double Std)[] schemes =
            [("He", Math.Sqrt(2.0 / width)), ("Xavier", Math.Sqrt(1.0 / width)), ("0.01", 0.01), ("0.2", 0.2)];
        foreach (var (name, std) in schemes)
        {
            var x = Tensor.Randn(64, width);
            for (int l = 0; l < layers; l++) x = x.MatMul(std * Tensor.Randn(width, width)).Relu();
            double predicted = Math.Pow(width * std * std / 2, layers);
            output.WriteLine($"{name}: mean square {x.Square().Mean().Item():0.0e0} after {layers} layers, predicted {predicted:0.0e0}");
        }
    }

    public override IReadOnlyList<string> Mutations => ["no ReLU between the layers", "He's gain forgotten"];

    public override void Run(LabContext lab)
    {
        int width = lab.Pick(full: 192, reduced: 128), layers = lab.Pick(full: 20, reduced: 12), starts = lab.Pick(full: 4, reduced: 3);
        bool isLinear = lab.Mutated("no ReLU between the layers");
        double gain = lab.Mutated("He's gain forgotten") ? 1 : Math.Sqrt(2);
        var schemes = new (string Name, Action<Tensor> Draw, double Factor)[]
        {
            ("He", w => Init.HeNormal(w, gain), 1),
            ("Xavier", w => Init.XavierNormal(w), 0.5),
            ("orthogonal, gain √2", w => Init.Orthogonal(w, Math.Sqrt(2)), 1),
            ("standard deviation 0.01", w => Init.Normal(w, std: 0.01), width * 0.01 * 0.01 / 2),
            ("standard deviation 0.2", w => Init.Normal(w, std: 0.2), width * 0.2 * 0.2 / 2),
        };

        double[] depth = [.. Enumerable.Range(1, layers).Select(l => (double)l)];
        var forth = Chart("Forward: outputs", "mean square of a layer's output");
        var back = Chart("Backward: gradients", "mean square / that of the last layer");
        var rows = new List<string[]>();
        double worst = 0;
        foreach (var (name, draw, factor) in schemes)
        {
            var (outputs, gradients) = MeanSquares(width, layers, starts, draw, isLinear);
            double forward = PerLayer(outputs), backward = 1 / PerLayer(gradients);
            rows.Add([name, $"{factor:G3}", $"{forward:G3}", $"{backward:G3}"]);
            worst = Math.Max(worst, Math.Max(Math.Abs(forward / factor - 1), Math.Abs(backward / factor - 1)));
            if (name is "He" or "Xavier")
                lab.Check(
                    $"{name}'s weights multiply the mean square by {forward:0.00} per layer", forward, atLeast: 0.9 * factor,
                    atMost: 1.1 * factor);
            var style = name == "He" ? LineStyle.Solid : LineStyle.Dashed;         // two of them lie on each other
            forth.Line(depth, outputs, name, style);
            back.Line(depth, [.. gradients.Select(g => g / gradients[^1])], name, style);
        }
        lab.Table(["weights", "n·Var(w)/2", "factor per layer, forward", "factor per layer, backward"], rows);
        lab.Figure(
            new PlotGrid(null, 2, forth, back),
            $"{layers} layers of {width} ReLUs, mean of {starts} starts. A signal reaches the other end only with the factor 1, and the "
                + "factor is the same in both directions.");
        lab.Check($"n·Var(w)/2 predicts all {2 * schemes.Length} factors within {worst:P0}", worst, atMost: 0.1);

        Plot Chart(string title, string label) => new(title)
        {
            XLabel = "layer", YLabel = label, YScale = AxisScale.Log, Width = 500, Legend = LegendPlace.Below,
        };
    }

    /// <summary>By what a layer multiplies: the slope of a line through the logarithms.</summary>
    private static double PerLayer(double[] values)
        => Math.Pow(values[^1] / values[0], 1.0 / (values.Length - 1));

    private static (double[] Outputs, double[] Gradients) MeanSquares(int width, int layers, int starts, Action<Tensor> draw, bool isLinear)
    {
        var (outputs, gradients) = (new double[layers], new double[layers]);
        for (int start = 0; start < starts; start++)
        {
            var parts = new List<Module>();
            for (int l = 0; l < layers; l++)
            {
                var linear = new Linear(width, width, bias: false);
                draw(linear.Weight);
                parts.Add(linear);
                if (!isLinear) parts.Add(new Relu());
            }
            var network = new Sequential(parts);
            using var probe = new LayerProbe(network, (_, layer) => layer is Linear);
            // A gradient of random numbers at the end, as a loss would send.
            var output = network.Forward(Tensor.Randn(64, width));
            output.Backward(Tensor.RandnLike(output));
            for (int l = 0; l < layers; l++)
            {
                // In the mean of logarithms, because sizes differ by factors.
                outputs[l] += 2 * Math.Log(probe.Layers[l].Output.Rms) / starts;
                gradients[l] += 2 * Math.Log(probe.Layers[l].Gradient!.Rms) / starts;
            }
        }
        return ([.. outputs.Select(Math.Exp)], [.. gradients.Select(Math.Exp)]);
    }
}

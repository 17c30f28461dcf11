using DeepNet.Labs.Kit;

namespace DeepNet.Labs.Depth;

/// <summary>How large to draw the first weights.</summary>
internal sealed class InitialVariance : Lab
{
    public override string Name => "initial-variance";

    public override string Title => "Variance of activations and gradients under each initialisation";

    public override string Claim =>
        "A layer of n ReLUs multiplies the mean square of what passes through it by n·Var(w)/2, forth and back. He's Var(w) = 2/n keeps "
            + "it; Xavier's 1/n halves it at every layer; "
        + "a fixed deviation of 0.01 kills it, one of 0.2 lets it explode.";

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
            ("deviation 0.01", w => Init.Normal(w, std: 0.01), width * 0.01 * 0.01 / 2),
            ("deviation 0.2", w => Init.Normal(w, std: 0.2), width * 0.2 * 0.2 / 2),
        };

        double[] depth = [.. Enumerable.Range(1, layers).Select(l => (double)l)];
        var forth = Chart("Forth: outputs", "mean square of a layer's output");
        var back = Chart("Back: gradients", "mean square of gradients / the last one's");
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
        lab.Table(["weights", "n·Var(w)/2", "factor per layer, forth", "back"], rows);
        lab.Figure(
            new PlotGrid(null, 2, forth, back),
            $"{layers} layers of {width} ReLUs, mean of {starts} starts. Only the factor 1 lets a signal reach the other end, and it is "
                + "the same factor both ways.");
        lab.Check($"n·Var(w)/2 foretells all {2 * schemes.Length} factors within {worst:P0}", worst, atMost: 0.1);

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

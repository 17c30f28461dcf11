using DeepNet.Labs.Kit;

namespace DeepNet.Labs.Depth;

/// <summary>Gradients that vanish, and four things that keep them.</summary>
internal sealed class VanishingGradients : Lab
{
    public override string Name => "vanishing";

    public override string Title => "Gradients through ten sigmoid layers";

    public override string Claim => """
        Every sigmoid multiplies the gradient by at most ¼, so a gradient that passes ten layers shrinks by several powers of ten. The
        larger weights of Xavier's or He's initialisation do not save a sigmoid; ReLU with He's weights, batch normalisation and residual
        connections do.
        """;

    public override string Question => "Why do the first layers of a deep sigmoid network get almost no gradient?";

    public override Guess Guess => new(
        [
            "Their weights are too small; larger initial weights would cure it",
            "Each sigmoid multiplies the gradient by at most 1/4, and the factors of all layers multiply",
            "The loss does not depend on layers that are so far away from it",
            "Small gradients are rounded to zero in floating-point numbers",
        ],
        Right: 1);

    public override string Explanation => """
        Backpropagation multiplies the gradient by one Jacobian for each layer:
        $\frac{\partial L}{\partial \mathbf{h}_1} = \mathbf{J}^T \frac{\partial L}{\partial \mathbf{h}_n}$ with
        $\mathbf{J}^T = \prod_{l=2}^{n} \mathbf{W}_l^T \mathbf{D}_l$, in which $\mathbf{D}_l$ is diagonal and holds the slopes $\sigma'(z)$
        of the activation function.

        For a sigmoid $\sigma'(z) = \sigma(z) (1 - \sigma(z)) \le \frac{1}{4}$, with equality at $z = 0$ only. If the weights keep lengths,
        ten layers leave at most $4^{-10} \approx 10^{-6}$ of the gradient. Larger weights do not help for long: they raise $|z|$, and there
        the sigmoid saturates and its slope is even smaller.

        The cures change the factor. ReLU has slope 1 where it is active, and He's weights make up for the half of the units that are not.
        Batch normalisation keeps $z$ where the slope is largest and divides by the small standard deviation of a sigmoid's outputs, which
        multiplies the gradient again. A residual connection $\mathbf{h}_{l+1} = \mathbf{h}_l + f(\mathbf{h}_l)$ adds the identity to the
        Jacobian, so that one path through the network has the factor 1.
        """;

    public override string Falsified => """
        A ten-layer sigmoid network with Xavier's weights whose first gradient is less than ten thousand times smaller than its last one; or
        one of the three cures under which they differ by a factor of more than 30.
        """;

    public override IReadOnlyList<string> Next => ["initial-variance", "front-layers", "batch-norm"];

    public override void Example(TextWriter output)
    {
        Generator.SetSeed(1);
        var x = Tensor.Randn(128, 32);
        foreach (bool isSigmoid in new[] { true, false })
        {
            var layers = new List<Module>();
            for (int l = 0; l < 10; l++)
            {
                var linear = new Linear(32, 32);
                if (isSigmoid) Init.XavierNormal(linear.Weight);
                else Init.HeNormal(linear.Weight);
                layers.AddRange([linear, isSigmoid ? new Sigmoid() : new Relu()]);
            }
            var network = new Sequential(layers);
            network.Forward(x).Square().Mean().Backward();
            float[] sizes = [.. network.OfType<Linear>().Select(l => l.Weight.Grad!.Norm().Item())];
            output.WriteLine($"{(isSigmoid ? "sigmoid" : "ReLU")}: gradient {sizes[^1]:0.0e0} at layer 10, {sizes[0]:0.0e0} at layer 1");
        }
    }

    public override IReadOnlyList<string> Mutations => ["two layers instead of ten", "ReLU in place of the sigmoid", "cures left out"];

    private const int Width = 64, Starts = 3;

    public override void Run(LabContext lab)
    {
        int layers = lab.Mutated("two layers instead of ten") ? 2 : 10;
        var (x, y) = SyntheticData.Blobs(lab.Pick(full: 512, reduced: 128), classes: 4, features: 16, std: 4, seed: 24).All();
        x = Standardised(x);
        Func<Module> sigmoid = lab.Mutated("ReLU in place of the sigmoid") ? () => new Relu() : () => new Sigmoid();
        bool cured = !lab.Mutated("cures left out");

        Module Plain(Func<Module> activation) => new Sequential(Linear(), activation());
        Module Normalised() => new Sequential(Linear(), new BatchNorm1d(Width), new Sigmoid());
        var networks = new (string Name, Func<Module> Block, Action<Tensor> Init)[]
        {
            ("sigmoid, Xavier", () => Plain(sigmoid), w => Init.XavierNormal(w)),
            ("sigmoid, He", () => Plain(sigmoid), w => Init.HeNormal(w)),
            ("ReLU, He", () => cured ? Plain(() => new Relu()) : Plain(sigmoid), w => Init.HeNormal(w)),
            ("sigmoid, batch normalisation", () => cured ? Normalised() : Plain(sigmoid), w => Init.XavierNormal(w)),
            ("sigmoid, residual", () => cured ? new Residual(Plain(sigmoid)) : Plain(sigmoid), w => Init.XavierNormal(w)),
        };

        var plot = new Plot("Gradient of each layer's weights before training")
        {
            XLabel = "layer", YLabel = "root mean square of the gradient", YScale = AxisScale.Log, Legend = LegendPlace.Right,
            Width = 760
        };
        var all = new List<(string Name, double[] Gradients)>();
        foreach (var (name, block, init) in networks)
        {
            double[] gradients = Gradients(layers, block, init, x, y);
            all.Add((name, gradients));
            // From the last hidden layer back to the first, in powers of ten.
            double decades = Math.Log10(gradients[^1] / gradients[0]);
            if (name.StartsWith("sigmoid, Xavier", StringComparison.Ordinal))
                lab.Check($"{name}: {decades:0.0} decades lost on the way back", decades, atLeast: 4);
            else if (name.StartsWith("sigmoid, He", StringComparison.Ordinal)) lab.Check($"{name}: {decades:0.0}", decades, atLeast: 3);
            else lab.Check($"{name}: {decades:0.0}", Math.Abs(decades), atMost: 1.5);
            plot.Line([.. Enumerable.Range(1, layers).Select(l => (double)l)], gradients, name, markers: true);
        }
        lab.Figure(plot, "The loss is beside layer 10; on its way to layer 1 the gradient passes all others.");
        lab.Frames(WayBack(all, layers), "Layer by layer from the loss to the input: each sigmoid takes its share, the cures keep theirs.");
    }

    /// <summary>The gradients on their way back: each figure shows one layer more.</summary>
    private static IEnumerable<(string, Figure)> WayBack(List<(string Name, double[] Gradients)> all, int layers)
    {
        for (int first = layers; first >= 1; first--)
        {
            var plot = new Plot("On the way back")
            {
                XLabel = "layer", YLabel = "root mean square of the gradient", YScale = AxisScale.Log, Legend = LegendPlace.Right,
                Width = 760, XMin = 1, XMax = layers, YMin = all.Min(a => a.Gradients.Min()), YMax = all.Max(a => a.Gradients.Max()),
            };
            foreach (var (name, gradients) in all)
                plot.Line(
                    [.. Enumerable.Range(first, layers - first + 1).Select(l => (double)l)], gradients[(first - 1)..], name, markers: true);
            yield return ($"layer {first}", plot);
        }
    }

    private static Linear Linear() => new(Width, Width);

    private static Tensor Standardised(Tensor x) => (x - x.Mean(0)) / x.Std(0);

    /// <summary>The size of the gradient of each hidden layer's weights, in the mean over three sets of starting weights.</summary>
    private static double[] Gradients(int layers, Func<Module> block, Action<Tensor> init, Tensor x, Tensor y)
    {
        var sums = new double[layers];
        for (int start = 0; start < Starts; start++)
        {
            var network = new Sequential(
                new Linear(x.Shape[1], Width), new Sequential([.. Enumerable.Range(0, layers).Select(_ => block())]), new Linear(Width, 4));
            var weights = network.Parameters().Where(p => p.Shape.Rank == 2).ToArray();
            foreach (var w in weights) init(w);
            Loss.CrossEntropy(network.Forward(x), y).Backward();
            var hidden = weights[1..^1];
            for (int l = 0; l < layers; l++) sums[l] += Math.Log(TensorStatistics.Of(hidden[l].Grad!).Rms) / Starts;
        }
        return [.. sums.Select(Math.Exp)];
    }
}

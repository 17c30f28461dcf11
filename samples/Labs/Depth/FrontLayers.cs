using DeepNet.Labs.Kit;

namespace DeepNet.Labs.Depth;

internal sealed class FrontLayers : Lab
{
    public override string Name => "front-layers";

    public override string Title => "In a deep sigmoid network the first layers keep their initial weights while the last ones learn";

    public override string Claim => """
        Where gradients vanish, the layers next to the loss learn, and the first layers keep almost the weights that they were initialised
        with: the last layers are trained on random features. LeakyReLU cures it, and so do residual connections. Before those were known,
        layer-wise pre-training did: each layer learns to reproduce its input before the whole network is trained.
        """;

    public override string Question => "When gradients vanish in a deep network, do all layers learn slowly?";

    public override Guess Guess => new(
        [
            "Yes, all layers learn equally slowly",
            "No, the first layers learn, and the last ones stand still",
            "No, the last layers learn, and the first ones keep almost their initial weights",
        ],
        Right: 2);

    public override string Explanation => """
        The update of layer $l$ is $-\eta \frac{\partial L}{\partial \mathbf{W}_l}$, and the gradient of layer $l$ has passed all layers
        behind it. With sigmoids each of them costs a factor of 4 or more, so at one learning rate layer 1 of 6 moves hundreds or thousands
        of times less than layer 6. Raising the rate until layer 1 moves would make the last layers diverge.

        The last layers then fit the labels from what six random layers leave of the image. Random sigmoid layers also contract: different
        images give nearly the same output, so there is little left to learn from, and the loss stays near $\log 10$, that of guessing among
        ten classes.

        Three cures act in different places. LeakyReLU has a slope of 1 or of a small constant, never one near 0 for all units. Residual
        connections lead the gradient past the layers. Pre-training needs no gradient from the far end: layer by layer an auto-encoder
        minimises $| \mathbf{x} - \mathbf{V} f(\mathbf{W} \mathbf{x}) |^2$, so each layer starts with weights that keep what its input says.
        The lag between layers holds for plain descent; optimizers that scale each gradient, such as Adam, hide it but do not bring back the
        lost information.
        """;

    public override string Falsified => """
        A deep sigmoid network under plain gradient descent in which the first layer moves within a factor of 30 of the last one; or
        pre-trained layers that do not lower the loss.
        """;

    public override IReadOnlyList<string> Next => ["vanishing", "degradation", "batch-norm"];

    public override void Example(TextWriter output)
    {
        Generator.SetSeed(1);
        var (x, y) = SyntheticData.Blobs(256, classes: 4, features: 16, std: 2, seed: 1).All();
        var layers = new List<Module> { new Linear(16, 32), new Sigmoid() };
        for (int l = 2; l <= 6; l++) layers.AddRange([new Linear(32, 32), new Sigmoid()]);
        var network = new Sequential([.. layers, new Linear(32, 4)]);
        var linear = network.OfType<Linear>().ToArray();
        var initial = linear.Select(l => l.Weight.Value.Clone().Detach()).ToArray();

        var optimizer = new Sgd(network.Parameters(), learningRate: 0.3);
        for (int step = 0; step < 200; step++)
        {
            optimizer.ZeroGrad();
            Loss.CrossEntropy(network.Forward(x), y).Backward();
            optimizer.Step();
        }
        foreach (int l in new[] { 0, 3, 6 })
        {
            double moved = ((linear[l].Weight.Value.Detach() - initial[l]).Norm() / initial[l].Norm()).Item();
            output.WriteLine($"the weights of layer {l + 1} moved by {moved:0.0e0} of their norm");
        }
    }

    public override IReadOnlyList<string> Mutations => ["ReLU in place of the sigmoid", "cures left out"];

    private const int Layers = 6, Width = 32;

    public override void Run(LabContext lab)
    {
        int steps = lab.Pick(full: 400, reduced: 200);
        var (x, y) = DigitImages.Rows(lab.Pick(full: 1000, reduced: 500), lab.Seed);
        bool isCured = !lab.Mutated("cures left out");
        Func<Module> sigmoid = lab.Mutated("ReLU in place of the sigmoid") ? () => new Relu() : () => new Sigmoid();
        (string Name, Func<Module> Activation, bool IsResidual, bool IsPretrained)[] ways =
        [
            ("sigmoid", sigmoid, false, false),
            ("LeakyReLU", isCured ? () => new LeakyRelu() : sigmoid, false, false),
            ("sigmoid, residual", sigmoid, isCured, false),
            ("sigmoid, pre-trained", sigmoid, false, isCured),
        ];
        var ends = ways.Select(w => Train(lab, w.Activation, w.IsResidual, w.IsPretrained, x, y, steps)).ToArray();
        double[] axis = Fit.Grid(1, Layers, Layers);
        var plot = new Plot("How far each layer's weights moved")
        {
            XLabel = "layer", YLabel = "norm of the change / norm of the initial weights", YScale = AxisScale.Log, Width = 700,
        };
        for (int i = 0; i < ways.Length; i++) plot.Line(axis, ends[i].Moved, ways[i].Name, markers: true);
        lab.Figure(
            plot, $"After {steps} steps of plain gradient descent on digits, all at one learning rate. Layer 1 is next to the image.");
        lab.Table(
            ["", "layer 1 moved", $"layer {Layers} moved", "training loss"],
            ways.Select((w, i) => (string[])[w.Name, $"{ends[i].Moved[0]:0.0e+0}", $"{ends[i].Moved[^1]:0.0e+0}", $"{ends[i].Loss:0.00}"]));
        double Lag(int i) => ends[i].Moved[^1] / ends[i].Moved[0];
        lab.Check($"with sigmoids the last layer moved {Lag(0):0} times as far as the first", Lag(0), atLeast: 30);
        lab.Check($"with LeakyReLU {Lag(1):0.0} times", Lag(1), atMost: 10);
        lab.Check($"with residual connections {Lag(2):0.0} times", Lag(2), atMost: 10);
        double start = Math.Log(10);
        lab.Check($"the loss of plain sigmoids is {ends[0].Loss:0.00}, that of guessing {start:0.00}", ends[0].Loss, atLeast: 0.9 * start);
        lab.Check($"pre-trained they reach {ends[3].Loss:0.00}", ends[3].Loss, atMost: 0.8 * start);
    }

    private static (double[] Moved, double Loss) Train(
        LabContext lab, Func<Module> activation, bool isResidual, bool isPretrained, Tensor x, Tensor y, int steps)
    {
        Generator.SetSeed(lab.Seed);
        var entry = new Linear(DigitImages.Pixels, Width);
        var layers = new List<Linear> { entry };
        var parts = new List<Module> { new Sequential(entry, activation()) };
        for (int l = 1; l < Layers; l++)
        {
            var layer = new Linear(Width, Width);
            layers.Add(layer);
            var block = new Sequential(layer, activation());
            parts.Add(isResidual ? new Residual(block) : block);
        }
        if (isPretrained) Pretrain(lab, parts, x);
        var network = new Sequential([.. parts, new Linear(Width, DigitImages.Classes)]);
        var first = layers.Select(l => l.Weight.Value.Detach().Clone()).ToArray();
        var order = new Generator(lab.Seed);
        Descent.Run(new Sgd(network.Parameters(), learningRate: 0.3), lab.Steps(steps), _ =>
        {
            var (images, labels) = Descent.Batch(x, y, 64, order);
            return Loss.CrossEntropy(network.Forward(images), labels);
        });
        return ([.. layers.Zip(first, (l, f) => ((l.Weight.Value.Detach() - f).Norm() / f.Norm()).Item<double>())],
            Evaluate.Loss(network, x, y, Loss.CrossEntropy));
    }

    /// <summary>Each layer in turn learns weights from which its input can be read again.</summary>
    private static void Pretrain(LabContext lab, List<Module> parts, Tensor x)
    {
        var input = x;
        foreach (var part in parts)
        {
            var back = new Linear(Width, input.Shape[1]);
            var (from, to) = (input, part);
            // Inputs around their means: the mean alone would be learned by the bias.
            var centred = from - from.Mean(0, keepDim: true);
            var deviation = centred.Square().Mean().Sqrt();
            Descent.Run(
                new Adam([.. part.Parameters(), .. back.Parameters()], learningRate: 0.01), lab.Steps(lab.Pick(full: 150, reduced: 100)),
                () => Loss.Mse(back.Forward(to.Forward(from)), centred / deviation));
            input = Memory.Keep(part.Forward(input).Detach());
        }
    }
}

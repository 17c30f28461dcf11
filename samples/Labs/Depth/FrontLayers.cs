using DeepNet.Labs.Kit;

namespace DeepNet.Labs.Depth;

internal sealed class FrontLayers : Lab
{
    public override string Name => "front-layers";

    public override string Title => "With sigmoids the front layers stay at their first weights while the last ones learn";

    public override string Claim => """
        Where gradients vanish, the layers next to the loss learn and the ones in front keep nearly the weights that they were drawn with:
        the last layers are trained on features that are random. LeakyReLU cures it, and so do residual connections. So did, before those
        were known, pre-training layer by layer: each layer learns to reproduce its input before the whole is trained.
        """;

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
            XLabel = "layer", YLabel = "change / size of the first weights", YScale = AxisScale.Log, Width = 700,
        };
        for (int i = 0; i < ways.Length; i++) plot.Line(axis, ends[i].Moved, ways[i].Name, markers: true);
        lab.Figure(plot, $"After {steps} steps of plain descent on digits at one rate. Layer 1 sees the image.");
        lab.Table(
            ["", "layer 1 moved", $"layer {Layers} moved", "training loss"],
            ways.Select((w, i) => (string[])[w.Name, $"{ends[i].Moved[0]:0.0e+0}", $"{ends[i].Moved[^1]:0.0e+0}", $"{ends[i].Loss:0.00}"]));
        double Lag(int i) => ends[i].Moved[^1] / ends[i].Moved[0];
        lab.Check($"with sigmoids the last layer moved {Lag(0):0} times as far as the first", Lag(0), atLeast: 30);
        lab.Check($"with LeakyReLU {Lag(1):0.0} times", Lag(1), atMost: 10);
        lab.Check($"with residual connections {Lag(2):0.0} times", Lag(2), atMost: 10);
        double start = Math.Log(10);
        lab.Check($"the loss of plain sigmoids is {ends[0].Loss:0.00}, as of guessing ({start:0.00})", ends[0].Loss, atLeast: 0.9 * start);
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

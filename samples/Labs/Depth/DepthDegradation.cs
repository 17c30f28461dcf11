using DeepNet.Labs.Kit;

namespace DeepNet.Labs.Depth;

/// <summary>More layers, worse on the examples it is trained on.</summary>
internal sealed class DepthDegradation : Lab
{
    public override int Number => 27;

    public override string Name => "degradation";

    public override string Title => "56 layers against 20, on training loss";

    public override string Claim =>
        "A plain network of 56 layers ends with a higher training loss than one of 20, though it could copy it: set the layers in excess "
            + "to the identity and it computes the same. "
        + "So it is optimisation that fails, and not over-fitting; residual connections mend it.";

    public override IReadOnlyList<string> Mutations => ["both networks with residual connections", "no residual connections"];

    private const int Width = 24;

    public override void Run(LabContext lab)
    {
        const int shallow = 20, deep = 56;
        int steps = lab.Pick(full: 400, reduced: 180);
        var (x, y) = DigitImages.Rows(lab.Pick(full: 1000, reduced: 400), seed: 27);
        bool residualInstead = lab.Mutated("both networks with residual connections"), noResidual = lab.Mutated("no residual connections");

        var plain20 = Train(lab, shallow, residualInstead, x, y, steps);
        var plain56 = Train(lab, deep, residualInstead, x, y, steps);
        var residual56 = Train(lab, deep, !noResidual, x, y, steps);

        // The deep network that copies the shallow one: its layers, and then layers that do nothing to what is not negative.
        double copied = Loss.CrossEntropy(Copied(plain20.Network, deep - shallow).Forward(x), y).Item<double>();
        double original = Loss.CrossEntropy(plain20.Network.Forward(x), y).Item<double>();

        lab.Figure(new Plot("Training loss") { XLabel = "step", YLabel = "cross-entropy, smoothed over steps", YScale = AxisScale.Log }
            .Line(Smooth(plain20.Losses), "20 layers").Line(Smooth(plain56.Losses), "56 layers")
            .Line(Smooth(residual56.Losses), "56 layers, residual"),
            "Not over-fitting: this is the loss on the training examples themselves.");
        lab.Check(
            $"after {steps} steps the training loss of 56 layers is {plain56.End:0.00} and that of 20 layers {plain20.End:0.00}",
            plain56.End / plain20.End, atLeast: 1.2);
        lab.Check($"56 layers made of those 20 and 36 identities have {copied:0.00} too", Math.Abs(copied - original), atMost: 1e-5);
        lab.Check($"56 residual layers reach {residual56.End:0.00}", residual56.End / plain20.End, atMost: 0.5);
    }

    private sealed record Trained(Sequential Network, List<double> Losses, double End);

    private static Trained Train(LabContext lab, int layers, bool isResidual, Tensor x, Tensor y, int steps)
    {
        Generator.SetSeed(27);
        var parts = new List<Module> { new Linear(DigitImages.Pixels, Width), new Relu() };
        for (int l = 2; l < layers; l++)
        {
            var linear = new Linear(Width, Width);
            Init.Zeros(linear.Bias!);
            // A block that is added to what goes past it starts smaller, so that the sum of all of them keeps its size.
            Init.HeNormal(linear.Weight, isResidual ? Math.Sqrt(2.0 / layers) : Math.Sqrt(2));
            if (isResidual) parts.Add(new Residual(new Sequential(new Relu(), linear)));
            else parts.AddRange([linear, new Relu()]);
        }
        parts.Add(new Linear(Width, DigitImages.Classes));
        var network = new Sequential(parts);
        var generator = new Generator(5);
        var losses = Descent.Run(new Sgd(network.Parameters(), learningRate: 0.02, momentum: 0.9), lab.Steps(steps), _ =>
        {
            var (images, labels) = Descent.Batch(x, y, 64, generator);
            return Loss.CrossEntropy(network.Forward(images), labels);
        });
        return new(network, losses, Evaluate.Loss(network, x, y, Loss.CrossEntropy));
    }

    /// <summary>The same layers, and behind the last ReLU some of unit weights.</summary>
    private static Sequential Copied(Sequential network, int identities)
    {
        var parts = network.ToList();
        for (int i = 0; i < identities; i++)
        {
            var linear = new Linear(Width, Width);
            Init.Zeros(linear.Bias!);
            var eye = new float[Width, Width];
            for (int u = 0; u < Width; u++) eye[u, u] = 1;
            using (Autograd.NoGrad()) linear.Weight.Value.CopyFrom(Tensor.From(eye));
            parts.InsertRange(parts.Count - 1, [linear, new Relu()]);
        }
        return new Sequential(parts);
    }

    private static double[] Smooth(List<double> losses)
    {
        var smooth = new double[losses.Count];
        double mean = losses[0];
        for (int i = 0; i < smooth.Length; i++) smooth[i] = mean = 0.95 * mean + 0.05 * losses[i];
        return smooth;
    }
}

using DeepNet.Labs.Kit;

namespace DeepNet.Labs.Depth;

internal sealed class FeedbackAlignment : Lab
{
    public override string Name => "brain-and-backprop";

    public override string Title => "Hebb's rule, random feedback and backpropagation on one task";

    public override string Claim => """
        Backpropagation sends errors back through the same weights that carried the signals forward, which no neuron is known to do. With
        fixed random weights in their place a network learns nearly as well: its forward weights turn until the random feedback points
        within 90° of the gradient. Hebb's rule knows no error: it strengthens what is active together and finds features without labels. A
        last layer trained on those does better than guessing and worse than the other two.
        """;

    public override string Question => "Can a network learn if errors are sent back through random weights instead of its own?";

    public override Guess Guess => new(
        [
            "No: without the right gradient the weights wander at random",
            "Only the last layer can learn; the hidden layer stays random",
            "Yes: the forward weights adapt until the random feedback agrees with the gradient in direction",
        ],
        Right: 2);

    public override string Explanation => """
        For a hidden layer $\mathbf{h} = \tanh(\mathbf{W}_1 \mathbf{x})$ below outputs $\mathbf{W}_2 \mathbf{h}$ with error $\mathbf{e}$ the
        gradient needs the signal $\mathbf{W}_2^T \mathbf{e}$. A brain would have to know the strength of each synapse at another place (the
        weight transport problem). Feedback alignment sends $\mathbf{B} \mathbf{e}$ with a fixed random $\mathbf{B}$ instead.

        A step along $\mathbf{B} \mathbf{e}$ lowers the loss to first order if its angle to $\mathbf{W}_2^T \mathbf{e}$ is below 90°. At
        first the angle is about 90°, since random directions in many dimensions are nearly orthogonal. But the updates write $\mathbf{B}$
        into $\mathbf{W}_1$, so the hidden units carry it, and the ordinary update of $\mathbf{W}_2$ from $\mathbf{e} \mathbf{h}^T$ turns
        $\mathbf{W}_2$ towards $\mathbf{B}^T$. The forward weights come to agree with the feedback.

        Hebb's rule, $\Delta w = \eta x h$, has no error and would grow without bound; Sanger's form subtracts what other units already
        represent and converges to the principal components of the data. These describe the images, but nobody told the rule which
        differences the labels depend on. In deep convolutional networks feedback alignment falls behind backpropagation; the equality here
        is that of small networks.
        """;

    public override string Falsified => """
        Random feedback that stays at a right angle to the gradient, or that leaves the network several points behind backpropagation; or
        Hebbian features that do as well as trained ones.
        """;

    public override IReadOnlyList<string> Next => ["front-layers", "fewer-features", "vanishing"];

    public override void Example(TextWriter output)
    {
        Generator.SetSeed(1);
        using var quiet = Autograd.NoGrad();                         // the gradients are written out
        var (x, y) = SyntheticData.Blobs(400, classes: 4, features: 8, std: 2, seed: 1).All();
        var target = y.OneHot(4).To(DType.Float32);
        Tensor w1 = 0.3 * Tensor.Randn(8, 32), w2 = 0.1 * Tensor.Randn(32, 4), feedback = 0.1 * Tensor.Randn(4, 32);
        for (int step = 0; step <= 300; step++)
        {
            var h = x.MatMul(w1).Tanh();
            var error = (h.MatMul(w2).Softmax(1) - target) / 400;
            Tensor gradient = error.MatMul(w2.T), sent = error.MatMul(feedback);
            if (step % 100 == 0)
            {
                double cosine = ((gradient * sent).Sum() / (gradient.Norm() * sent.Norm())).Item();
                double accuracy = h.MatMul(w2).ArgMax(1).Equal(y).To(DType.Float32).Mean().Item();
                output.WriteLine($"step {step}: {Math.Acos(cosine) * 180 / Math.PI:0}° to the gradient, accuracy {accuracy:P0}");
            }
            w2 -= 0.5 * h.T.MatMul(error);
            w1 -= 0.5 * x.T.MatMul(sent * (1 - h.Square()));
        }
    }

    public override IReadOnlyList<string> Mutations => ["feedback of another sign", "hidden layer not trained"];

    private const int Hidden = 64;

    public override void Run(LabContext lab)
    {
        var seeds = lab.Seeds(full: 5, reduced: 2);
        int steps = lab.Pick(full: 1500, reduced: 500);
        var backprop = seeds.Select(s => Train(lab, s, steps, Rule.Backpropagation)).ToArray();
        var random = seeds.Select(s => Train(lab, s, steps, Rule.RandomFeedback)).ToArray();
        var hebb = seeds.Select(s => Train(lab, s, steps, Rule.Hebb)).ToArray();
        Spread Accuracy((double Accuracy, List<double> Angles)[] runs) => new(runs.Select(r => r.Accuracy));

        lab.Table(
            ["rule for the hidden layer", "test accuracy"],
            [["backpropagation", Accuracy(backprop).Percent()], ["random feedback", Accuracy(random).Percent()],
                ["Hebb's rule", Accuracy(hebb).Percent()]]);
        double[] axis = [.. random[0].Angles.Select((_, i) => 25.0 * i)];
        lab.Figure(
            new PlotGrid(
                null, 2,
                new Plot("test accuracy") { YLabel = "share right", YMin = 0, YMax = 1, Width = 420 }
                    .Bar(["backprop", "random feedback", "Hebb"], [Accuracy(backprop).Mean, Accuracy(random).Mean, Accuracy(hebb).Mean]),
                new Plot("angle between random feedback and the gradient")
                {
                    XLabel = "step", YLabel = "degrees", Width = 480, YMin = 0,
                    YMax = 110
                }
                    .Spreads(axis, [.. axis.Select((_, i) => new Spread(random.Select(r => r.Angles[i])))], $"{seeds.Count} seeds", 0)
                    .HorizontalLine(90, "right angle")),
            "Second: at first random feedback has nothing to do with the gradient; then the forward weights turn towards it.");
        double first = random.Average(r => r.Angles[0]), last = random.Average(r => r.Angles[^1]);
        lab.Check($"with backpropagation the network is right on {Accuracy(backprop).Percent()}", Accuracy(backprop).Mean, atLeast: 0.85);
        lab.Check($"with random feedback the network is right on {Accuracy(random).Percent()}",
            Accuracy(backprop).Mean - Accuracy(random).Mean, atMost: 0.06);
        lab.Check($"its angle to the gradient falls from {first:0}° to {last:0}°", last, atMost: 75);
        lab.Check("at first it is about a right angle", first, atLeast: 75);
        lab.Check(
            $"with Hebb's rule on {Accuracy(hebb).Percent()}", Accuracy(hebb).Mean, atLeast: 0.3, atMost: Accuracy(random).Mean - 0.02);
    }

    private enum Rule { Backpropagation, RandomFeedback, Hebb }

    private static (double Accuracy, List<double> Angles) Train(LabContext lab, ulong seed, int steps, Rule rule)
    {
        using var quiet = Autograd.NoGrad();
        var generator = new Generator(seed);
        var (x, y) = DigitImages.Rows(1000, seed);
        var (testX, testY) = DigitImages.Rows(500, seed + 1);
        var mean = x.Mean(0, keepDim: true);
        Tensor w1 = 0.1 * Tensor.Randn(new Shape(DigitImages.Pixels, Hidden), generator: generator),
            w2 = 0.1 * Tensor.Randn(new Shape(Hidden, DigitImages.Classes), generator: generator),
            feedback = 0.1 * Tensor.Randn(new Shape(DigitImages.Classes, Hidden), generator: generator);
        if (rule == Rule.Hebb) w1 = HebbianFeatures(x - mean, w1, generator);
        double rate = lab.Mutated("hidden layer not trained") ? 0 : 0.1;
        if (lab.Mutated("feedback of another sign") && rule == Rule.RandomFeedback) rate = -rate;
        var angles = new List<double>();
        foreach (int step in lab.Steps(steps))
        {
            using var scope = Memory.Scope();
            var (images, labels) = Descent.Batch(x, y, 64, generator);
            var input = images - mean;
            var h = input.MatMul(w1).Tanh();
            var error = (h.MatMul(w2).Softmax(1) - labels.OneHot(DigitImages.Classes).To(DType.Float32)) / 64;
            Tensor exact = error.MatMul(w2.T), sent = rule == Rule.RandomFeedback ? error.MatMul(feedback) : exact;
            if (step % 25 == 0) angles.Add(Math.Acos(((exact * sent).Sum() / (exact.Norm() * sent.Norm())).Item<float>()) * 180 / Math.PI);
            var change1 = input.T.MatMul(sent * (1 - h.Square()));
            w2.CopyFrom(w2 - 0.5 * h.T.MatMul(error));
            if (rule != Rule.Hebb) w1.CopyFrom(w1 - 5 * rate * change1);
        }
        var answers = (testX - mean).MatMul(w1).Tanh().MatMul(w2).ArgMax(1);
        return (answers.Equal(testY).To(DType.Float64).Mean().Item<double>(), angles);
    }

    /// <summary>
    /// Hebb's rule with Sanger's forgetting: what is active together is strengthened, less what other units stand for already.
    /// </summary>
    private static Tensor HebbianFeatures(Tensor x, Tensor first, Generator generator)
    {
        var w = first.Clone();
        // Each unit leaves to the next ones what is not yet explained by itself and those before it.
        var before = Tensor.Ones(Hidden, Hidden).Triu();
        for (int step = 0; step < 600; step++)
        {
            using var scope = Memory.Scope();
            var rows = x.IndexSelect(0, Tensor.RandInt(0, x.Shape[0], new Shape(32), generator: generator));
            var h = rows.MatMul(w);
            w.CopyFrom(w + 0.01 * (rows.T.MatMul(h) - w.MatMul(h.T.MatMul(h) * before)) / 32);
        }
        return w;
    }
}

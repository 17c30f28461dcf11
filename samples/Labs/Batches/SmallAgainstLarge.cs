using DeepNet.Labs.Kit;

namespace DeepNet.Labs.Batches;

internal sealed class SmallAgainstLarge : Lab
{
    private const double Goal = 0.1;

    public override string Name => "small-against-large";

    public override string Title => "Small batches end in flatter places; tested after equal epochs the best size is in the middle";

    public override string Claim => """
        A network is trained at one learning rate with batches of different size. Until the training loss is 0.1, small batches need far
        fewer epochs, and where they end the largest eigenvalue of the Hessian is smaller: their noise shakes the weights out of narrow
        places. On test data they are no worse there. After an equal number of epochs the test error over the batch size is a U: tiny
        batches are too noisy, large ones take too few steps. Batch gradients are unbiased: over an epoch their mean is the whole
        gradient.
        """;

    public override string Question => "Which batch size is the best after an equal number of epochs at one learning rate?";

    public override Guess? Guess => new(
        [
            "The smallest, because it takes the most steps",
            "The largest, because its gradient is exact",
            "One in between: tiny batches are too noisy, and large ones take too few steps",
            "All are alike, because the gradients are unbiased",
        ],
        Right: 2);

    public override string Explanation => """
        A step on a batch is $\theta \to \theta - \eta (\nabla L + \xi)$ with noise of variance $\sigma^2 / B$. The mean of the batch
        gradients over an epoch is the whole gradient, so no batch size points in a wrong direction on average. But an epoch has $N / B$
        steps: at one rate, small batches go further in an epoch, and with more noise.

        Noise keeps the weights moving in proportion to $\sqrt{\eta / B}$. In a narrow valley, whose curvature $\lambda$ is large, such
        moves raise the loss by about $\frac{1}{2} \lambda |\Delta \theta|^2$ and soon lead out; in a wide one they cost little. So a run
        with small batches settles where the largest eigenvalue of the Hessian is small. Flat places promise that a small shift of the
        loss from training to test data costs little.

        This promise is not a law: rescaling the weights of a ReLU network changes its sharpness and not what it computes, and here the
        small batches' advantage in test accuracy at equal training loss is small. The middle of the U moves if the learning rate is tuned
        for each size; with a rate in proportion to the batch, sizes over a wide range do alike.
        """;

    public override string Falsified => """
        Full batches that end less sharp than small ones at the same loss, a best size at one end of the range, or a mean of batch
        gradients that is not the whole gradient.
        """;

    public override IReadOnlyList<string> Next => ["linear-scaling", "gradient-variance", "early-stopping"];

    public override void Example(TextWriter output)
    {
        var (x, y) = SyntheticData.Moons(256, noise: 0.2, seed: 1).All();
        foreach (int size in new[] { 4, 32, 256 })
        {
            Generator.SetSeed(1);
            var model = new Sequential(new Linear(2, 16), new Tanh(), new Linear(16, 2));
            var optimizer = new Sgd(model.Parameters(), learningRate: 0.5);
            var objective = new Objective(() => Loss.CrossEntropy(model.Forward(x), y), model);
            int updates = 0;
            for (; updates < 3000 && (updates % 8 != 0 || objective.Value() > 0.12); updates++)
            {
                using var scope = Memory.Scope();
                var chosen = Tensor.RandInt(0, 256, new Shape(size));
                optimizer.ZeroGrad();
                Loss.CrossEntropy(model.Forward(x.IndexSelect(0, chosen)), y.IndexSelect(0, chosen)).Backward();
                optimizer.Step();
            }
            output.WriteLine($"batches of {size,3}: loss {objective.Value():0.000} after {updates * size / 256.0:0} epochs, "
                + $"largest eigenvalue {Sharpness.Largest(objective):0.00}");
        }
    }

    public override IReadOnlyList<string> Mutations => ["every step on all examples", "loss summed over the batch"];

    private sealed record End(double Epochs, double Loss, double Train, double Test, double Sharpness, LossLine Around);

    public override void Run(LabContext lab)
    {
        int examples = lab.Pick(full: 512, reduced: 256), starts = lab.Pick(full: 5, reduced: 1);
        int[] sizes = lab.Pick<int[]>([8, 32, 128, 512], [8, 256]);
        var test = SmallDigits.Make(1000, lab.Seed + 50);
        var ends = sizes.Select(size => Enumerable.Range(0, starts).Select(start =>
            Train(
                lab, lab.Mutated("every step on all examples") ? examples : size,
                SmallDigits.Make(examples, lab.Seed + (ulong)start, wrong: 0.1), test, lab.Seed + (ulong)start)).ToArray()).ToArray();

        lab.Table(
            ["batch size", "epochs", "training loss", "training accuracy", "test accuracy", "sharpness"],
            sizes.Zip(ends, (size, e) => (string[])[
                $"{size}", $"{e.Average(x => x.Epochs):0.0}", $"{e.Average(x => x.Loss):0.000}", $"{e.Average(x => x.Train):P1}",
                    $"{e.Average(x => x.Test):P1}", $"{e.Average(x => x.Sharpness):0.00}"]));
        string[] names = [.. sizes.Select(s => $"{s}")];
        var lines = new Plot("training loss around the end")
        {
            XLabel = "distance along the largest curvature", YLabel = "cross-entropy", Width = 460, Height = 360,
        };
        foreach (int i in new[] { 0, sizes.Length - 1 }) lines.Line(ends[i][0].Around.At, ends[i][0].Around.Loss, $"batches of {sizes[i]}");
        lab.Figure(
            new PlotGrid(
                null, 2, new Plot("sharpness of the end")
                {
                    XLabel = "batch size", YLabel = "largest eigenvalue", Width = 460, Height = 360,
                }.Bar(names, [.. ends.Select(e => e.Average(x => x.Sharpness))]), lines),
            "First: the largest eigenvalue of the Hessian where each training ended. Second: walking away from there along its "
                + "eigenvector, the loss rises more slowly around the end of the small batches.");
        double Mean(int i, Func<End, double> of) => ends[i].Average(of);
        double sharper = Mean(sizes.Length - 1, e => e.Sharpness) / Mean(0, e => e.Sharpness),
            better = Mean(0, e => e.Test) - Mean(sizes.Length - 1, e => e.Test);
        lab.Check(
            $"at a training loss of {Goal} full batches end {sharper:0.00} times as sharp as batches of {sizes[0]}", sharper,
            atLeast: 1.25);
        lab.Check(
            $"the small ones need {Mean(sizes.Length - 1, e => e.Epochs) / Mean(0, e => e.Epochs):0} times fewer epochs",
            Mean(sizes.Length - 1, e => e.Epochs) / Mean(0, e => e.Epochs), atLeast: 10);
        lab.Check($"and are {100 * better:+0.0;-0.0} points better on test data", better, atLeast: -0.02);
        EqualEpochs(lab, examples);
        Unbiased(lab);
    }

    /// <summary>The test error after some epochs, for each batch size.</summary>
    private static void EqualEpochs(LabContext lab, int examples)
    {
        int[] sizes = lab.Pick<int[]>([1, 2, 4, 8, 16, 32, 64, 128, 256, 512], [1, 16, 256]);
        int epochs = lab.Pick(full: 15, reduced: 8);
        var seeds = lab.Seeds(full: 5, reduced: 2);
        var (errors, memory) = (new List<Spread>(), new List<double>());
        foreach (int size in sizes)
        {
            long peak = 0;
            errors.Add(new(seeds.Select(seed =>
            {
                var train = SmallDigits.Make(examples, seed, wrong: 0.1);
                Generator.SetSeed(seed);
                var model = Networks.Mlp([SmallDigits.Pixels, 32, 10], () => new Tanh());
                var optimizer = new Sgd(model.Parameters(), learningRate: 0.3);
                var order = new Generator(seed + 3);
                foreach (int _ in lab.Steps(epochs))
                    foreach (var batch in train.Batches(lab.Mutated("every step on all examples") ? examples : size, order))
                        peak = Math.Max(peak, Step(optimizer, model, batch));
                return 1 - SmallDigits.Make(1000, seed + 50).AccuracyOf(model);
            })));
            memory.Add(peak / 1024.0);
        }
        double[] axis = [.. sizes.Select(s => (double)s)];
        lab.Figure(
            new PlotGrid(
                null, 2,
                new Plot($"test error after {epochs} epochs")
                {
                    XLabel = "batch size", YLabel = "share of test digits answered wrongly", XScale = AxisScale.Log, Width = 460,
                    Height = 360,
                }
                    .Spreads(axis, errors, $"{seeds.Count} seeds", color: 0),
                new Plot("memory of a step")
                {
                    XLabel = "batch size", YLabel = "KiB beside weights", XScale = AxisScale.Log, YScale = AxisScale.Log, Width = 460,
                    Height = 360,
                }.Line(axis, memory, markers: true)),
            "First: the mean over seeds, and a band from the least to the greatest. Second: what a step needs for activations and "
                + "gradients.");
        int best = errors.IndexOf(errors.MinBy(e => e.Mean)!);
        lab.Check($"the best size is {sizes[best]}: {errors[best].Percent("0.0")} wrong", best, atLeast: 1, atMost: sizes.Length - 2);
        lab.Check(
            $"size {sizes[0]} {errors[0].Percent("0.0")}", errors[0].Mean - errors[best].Mean, atLeast: 0.01);
        lab.Check($"size {sizes[^1]} {errors[^1].Percent("0.0")}", errors[^1].Mean - errors[best].Mean, atLeast: 0.01);
    }

    /// <summary>One step, and the bytes that it held beside what there was.</summary>
    private static long Step(Optimizer optimizer, Module model, SmallDigits batch)
    {
        using var scope = Memory.Scope();
        optimizer.ZeroGrad();
        long before = Memory.LiveBytes;
        var loss = Loss.CrossEntropy(model.Forward(batch.X), batch.Y);
        long held = Memory.LiveBytes - before;
        loss.Backward();
        optimizer.Step();
        return held;
    }

    /// <summary>The mean of the gradients of an epoch's batches, without a step between them, against that of all examples.</summary>
    private static void Unbiased(LabContext lab)
    {
        var digits = SmallDigits.Make(256, lab.Seed);
        var model = Networks.Mlp([SmallDigits.Pixels, 32, 10], () => new Tanh());
        var reduction = lab.Mutated("loss summed over the batch") ? Reduction.Sum : Reduction.Mean;
        double[] Gradient(SmallDigits batch)
            => new Objective(() => Loss.CrossEntropy(model.Forward(batch.X), batch.Y, reduction: reduction), model).Gradient();
        double[] whole = Gradient(digits), mean = new double[whole.Length];
        SmallDigits[] batches = [.. digits.Batches(16, lab.Random)];
        foreach (var batch in batches) mean = [.. mean.Zip(Gradient(batch), (m, g) => m + g / batches.Length)];
        double off = Math.Sqrt(whole.Zip(mean, (w, m) => (w - m) * (w - m)).Sum() / whole.Sum(w => w * w));
        lab.Check($"the mean gradient of {batches.Length} batches differs from the whole one by {Say.Short(off)} of its length", off,
            atMost: 1e-5);
    }

    private static End Train(LabContext lab, int size, SmallDigits train, SmallDigits test, ulong seed)
    {
        Generator.SetSeed(seed);
        var model = Networks.Mlp([SmallDigits.Pixels, 32, 10], () => new Tanh());
        var optimizer = new Sgd(model.Parameters(), learningRate: 0.3);
        var order = new Generator(seed + 3);
        int updates = 0;
        while (updates < 20_000 && (updates % 4 != 0 || train.LossOf(model) > Goal))
        {
            foreach (var batch in train.Batches(size, order))
            {
                lab.Cancellation.ThrowIfCancellationRequested();
                using var step = Memory.Scope();
                optimizer.ZeroGrad();
                Loss.CrossEntropy(model.Forward(batch.X), batch.Y).Backward();
                optimizer.Step();
                // All end at the same loss, not at the next end of an epoch.
                if (++updates % 4 == 0 && train.LossOf(model) <= Goal) break;
            }
        }
        var objective = new Objective(() => Loss.CrossEntropy(model.Forward(train.X), train.Y), model);
        var steepest = HessianSpectrum.Extreme(objective, largest: 1, cancellation: lab.Cancellation).Largest[0];
        return new(
            (double)updates * size / train.Count, objective.Value(), train.AccuracyOf(model), test.AccuracyOf(model), steepest.Value,
            LossLandscape.Line(objective, Direction.Along(steepest), -1.5, 1.5, points: 41));
    }
}

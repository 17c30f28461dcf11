using DeepNet.Labs.Kit;

namespace DeepNet.Labs.Generalisation;

/// <summary>Training and use from different worlds.</summary>
internal sealed class DistributionMismatch : Lab
{
    public override string Name => "mismatch";

    public override string Title => "More data does not help against a different distribution";

    public override string Claim => """
        Train on upright digits and use the model on digits turned by 90 degrees: sixteen times as many upright examples lower the error on
        upright digits again and again, and leave the error on turned ones where it was. This is not over-fitting, and regularisation does
        not help; two hundred turned examples do.
        """;

    public override string Question => """
        A model has a low error on its test set and a high one in use. Will more training data of the same kind help?
        """;

    public override Guess Guess => new(
        [
            "Yes, a high error on new data is over-fitting, and more data cures that",
            "No, the data in use have another distribution; examples of that kind are needed",
            "No, the model is too small; it needs more layers",
            "Yes, but only together with a stronger weight decay",
        ],
        Right: 1);

    public override string Explanation => """
        Training lowers the mean loss under the distribution of the training data, $\mathrm{E}_{p}[L]$. More examples of $p$ bring the
        training loss and the loss on new data of $p$ together, which is what generalisation means. Use under another distribution $q$ costs
        $\mathrm{E}_{q}[L]$, and nothing in the training ties that to $\mathrm{E}_{p}[L]$: where $p$ is zero, any function is as good as any
        other.

        The diagnosis needs a third number. Training loss high: model bias or optimisation. Training loss low, but the loss on new data of
        the same distribution high: over-fitting. Both low, but the loss in use high: mismatch. Only the second is cured by more data,
        augmentation or regularisation.

        Against a mismatch one collects examples of the target, here 200 beside 250 upright ones, or makes them, such as by rotating the
        training digits, if one knows in which way the distributions differ. A weighting by $\frac{q(\mathbf{x})}{p(\mathbf{x})}$ works only
        where $p$ is not zero.
        """;

    public override string Falsified => """
        An error on turned digits that falls by more than 15 % of its value with sixteen times as many upright examples, or that 200 turned
        examples do not lower by 30 points.
        """;

    public override IReadOnlyList<string> Next => ["augmentation", "early-stopping", "lora-rank"];

    public override void Example(TextWriter output)
    {
        static Tensor Turned(Tensor images) => images.Transpose(2, 3).Flip(2).Contiguous();
        var (x, y) = SyntheticData.Digits(800, seed: 1).All();
        x = x.AvgPool2d(2);
        var (testX, testY) = (x[600..], y[600..]);
        (string Name, Tensor X, Tensor Y)[] sets =
        [
            ("100 upright", x[..100], y[..100]),
            ("500 upright", x[..500], y[..500]),
            ("100 upright and 100 turned", Tensor.Cat([x[..100], Turned(x[500..600])]), Tensor.Cat([y[..100], y[500..600]])),
        ];
        foreach (var (name, trainX, trainY) in sets)
        {
            Generator.SetSeed(1);
            var network = new Sequential(new Flatten(), new Linear(196, 64), new Relu(), new Linear(64, 10));
            var optimizer = new Adam(network.Parameters(), learningRate: 5e-3);
            for (int step = 0; step < 100; step++)
            {
                using var scope = Memory.Scope();
                optimizer.ZeroGrad();
                Loss.CrossEntropy(network.Forward(trainX), trainY).Backward();
                optimizer.Step();
            }
            double Error(Tensor images) => network.Forward(images).ArgMax(1).NotEqual(testY).To(DType.Float32).Mean().Item();
            output.WriteLine($"{name}: error {Error(testX):P0} on upright digits, {Error(Turned(testX)):P0} on turned ones");
        }
    }

    public override IReadOnlyList<string> Mutations => ["used on upright digits too", "the added examples upright too"];

    public override void Run(LabContext lab)
    {
        int steps = lab.Pick(full: 600, reduced: 300);
        int[] counts = lab.Pick<int[]>(full: [250, 500, 1000, 2000, 4000], reduced: [250, 4000]);
        var pool = DigitImages.Images(counts[^1], seed: 1);
        var upright = DigitImages.Images(600, seed: 2);
        var lying = (X: lab.Mutated("used on upright digits too") ? upright.X : OnTheirSide(upright.X), upright.Y);
        var some = DigitImages.Images(200, seed: 3);
        if (!lab.Mutated("the added examples upright too")) some.X = OnTheirSide(some.X);

        var (errors, errorsLying) = (new List<double>(), new List<double>());
        foreach (int count in counts)
        {
            var network = Train(lab, steps, pool.X[..count], pool.Y[..count]);
            errors.Add(Evaluate.Error(network, upright.X, upright.Y));
            errorsLying.Add(Evaluate.Error(network, lying.X, lying.Y));
        }
        // The smallest set and 200 of the other kind.
        var both = Train(lab, steps, Tensor.Cat([pool.X[..counts[0]], some.X]), Tensor.Cat([pool.Y[..counts[0]], some.Y]));
        double mended = Evaluate.Error(both, lying.X, lying.Y);

        double[] axis = [.. counts.Select(c => (double)c)];
        lab.Table(
            ["upright examples", "error on upright digits", "error on turned digits"],
            counts.Select((c, i) => (string[])[$"{c}", $"{errors[i]:P1}", $"{errorsLying[i]:P1}"])
            .Append([$"{counts[0]} and 200 turned", $"{Evaluate.Error(both, upright.X, upright.Y):P1}", $"{mended:P1}"]));
        lab.Figure(new Plot("Error against the number of upright examples")
        { XLabel = "upright examples in training", YLabel = "share answered wrongly", XScale = AxisScale.Log, YMin = 0, YMax = 1 }
            .Line(axis, errors, "used on upright digits", markers: true).Line(axis, errorsLying, "used on turned digits", markers: true)
            .Scatter([axis[0] + 200], [mended], $"turned: {counts[0]} upright and 200 turned examples", size: 9),
            "The gap is not between training and test data, but between two distributions.");
        lab.Check(
            $"{counts[^1] / counts[0]} times the data lower the error from {errors[0]:P0} to {errors[^1]:P0}", errors[^1] / errors[0],
            atMost: 0.6);
        lab.Check(
            $"on turned digits it goes from {errorsLying[0]:P0} to {errorsLying[^1]:P0}", errorsLying[^1] / errorsLying[0], atLeast: 0.85);
        lab.Check($"200 turned examples lower it to {mended:P0}", errorsLying[0] - mended, atLeast: 0.3);
    }

    private static Tensor OnTheirSide(Tensor images) => images.Transpose(2, 3).Flip(2).Contiguous();

    private static Sequential Train(LabContext lab, int steps, Tensor x, Tensor y)
    {
        Generator.SetSeed(lab.Seed);
        var network = new Sequential(
            new Flatten(), new Linear(DigitImages.Pixels, 64), new Relu(), new Linear(64, DigitImages.Classes));
        var generator = new Generator(lab.Seed);
        Descent.Run(new Adam(network.Parameters(), learningRate: 2e-3), lab.Steps(steps), _ =>
        {
            var (images, labels) = Descent.Batch(x, y, 64, generator);
            return Loss.CrossEntropy(network.Forward(images), labels);
        });
        return network;
    }
}

using DeepNet.Labs.Kit;

namespace DeepNet.Labs.Depth;

/// <summary>More layers, worse on the examples it is trained on.</summary>
internal sealed class DepthDegradation : Lab
{
    public override string Name => "degradation";

    public override string Title => "56 layers against 20, on training loss";

    public override string Claim => """
        A plain network of 56 layers ends with a higher training loss and a higher test error than one of 20 layers, although it could copy
        the shallow one: with the extra layers set to the identity it computes the same function. So it is optimisation that fails, and not
        over-fitting. Residual connections solve it. The initial weights keep signals alive through all layers, and even the deepest network
        learns.
        """;

    public override string Question => "A 56-layer network has a higher test error than a 20-layer one. Is it over-fitting?";

    public override Guess Guess => new(
        [
            "Yes: more parameters always over-fit more",
            "No: its training loss is higher too, so optimisation has failed",
            "No: deep networks cannot represent what shallow ones can",
            "No: the deep network only needs more data",
        ],
        Right: 1);

    public override string Explanation => """
        Over-fitting means a low loss on the training set and a high one on the test set. Here the deep network is worse on the training
        set, so that cannot be the reason. Nor is it a lack of capacity: take the 20 layers, put 36 layers with $\mathbf{W} = \mathbf{I}$
        and $\mathbf{b} = 0$ before the last one, and the network computes the same, since $\max(0, x) = x$ for what a ReLU has put out. A
        solution as good as the shallow one exists, and gradient descent does not find it.

        The reason is not that gradients vanish, for the weights are drawn by He's rule and keep their size. But a product of 56 random
        matrices treats directions very unequally: $\mathbf{J} = \prod_{l} \mathbf{D}_l \mathbf{W}_l$ has a few large singular values and
        many tiny ones. Different inputs come out nearly parallel, and the gradients of different examples say little about what tells them
        apart. The loss surface is badly conditioned, and training is slow.

        A residual block computes $\mathbf{h} + f(\mathbf{h})$. Doing nothing is now the easy case, $f = 0$, and the Jacobian
        $\mathbf{I} + \frac{\partial f}{\partial \mathbf{h}}$ stays near the identity as long as the blocks start small. Given many more
        steps the plain network comes closer; the claim is about equal training.
        """;

    public override string Falsified => """
        A plain 56-layer network whose training loss, after as many steps, is not above that of the 20-layer one; or residual connections
        that do not lower it.
        """;

    public override IReadOnlyList<string> Next => ["front-layers", "initial-variance", "early-stopping"];

    public override void Example(TextWriter output)
    {
        var (x, y) = SyntheticData.Spirals(100, seed: 1).All();
        (string Name, int Layers, bool IsResidual)[] kinds =
            [("10 layers", 10, false), ("60 layers", 60, false), ("60 layers, residual", 60, true)];
        foreach (var (name, layers, isResidual) in kinds)
        {
            Generator.SetSeed(1);
            var parts = new List<Module> { new Linear(2, 16) };
            for (int l = 2; l < layers; l++)
            {
                var linear = new Linear(16, 16);
                Init.HeNormal(linear.Weight, isResidual ? Math.Sqrt(2.0 / layers) : Math.Sqrt(2));
                var block = new Sequential(new Relu(), linear);
                parts.Add(isResidual ? new Residual(block) : block);
            }
            var network = new Sequential([.. parts, new Relu(), new Linear(16, 2)]);
            var optimizer = new Adam(network.Parameters(), learningRate: 1e-3);
            for (int step = 0; step < 150; step++)
            {
                using var scope = Memory.Scope();
                optimizer.ZeroGrad();
                Loss.CrossEntropy(network.Forward(x), y).Backward();
                optimizer.Step();
            }
            output.WriteLine($"{name}: training loss {Loss.CrossEntropy(network.Forward(x), y).Item():0.000}");
        }
    }

    public override IReadOnlyList<string> Mutations => ["both networks with residual connections", "no residual connections"];

    private const int Width = 24;

    public override void Run(LabContext lab)
    {
        const int shallow = 20, deep = 56;
        int steps = lab.Pick(full: 400, reduced: 250);
        var seeds = lab.Seeds(full: 5);
        bool residualInstead = lab.Mutated("both networks with residual connections"), noResidual = lab.Mutated("no residual connections");
        (string Name, int Layers, bool IsResidual)[] kinds =
        [
            ("20 layers", shallow, residualInstead), ("56 layers", deep, residualInstead), ("56 layers, residual", deep, !noResidual),
        ];
        Trained[][] runs = [.. kinds.Select(k => seeds.Select(seed => Train(lab, k.Layers, k.IsResidual, seed, steps)).ToArray())];
        Spread[] ends = [.. runs.Select(r => new Spread(r.Select(t => t.End)))],
            errors = [.. runs.Select(r => new Spread(r.Select(t => t.TestError)))];

        // The deep network that copies the shallow one: its layers, and then layers that do nothing to what is not negative.
        var (x, _) = Digits(lab, seeds[0]).Train;
        var original = runs[0][0].Network;
        double off = (Evaluate.Output(Copied(original, deep - shallow), x) - Evaluate.Output(original, x)).Abs().Max().Item<float>();

        lab.Table(
            ["", "training loss", "test error"],
            kinds.Select((k, i) => (string[])[k.Name, ends[i].Number(), errors[i].Percent()]));
        var (loss, test) = (Axes("training loss", "cross-entropy"), Axes("test error", "share of test digits answered wrongly"));
        loss.YScale = AxisScale.Log;
        for (int i = 0; i < kinds.Length; i++)
        {
            double[] at = [.. runs[i][0].Looks.Select(l => (double)l.Step)];
            Spread[] Over(Func<Look, double> of) => [.. at.Select((_, k) => new Spread(runs[i].Select(r => of(r.Looks[k]))))];
            loss.Spreads(at, Over(l => l.Loss), kinds[i].Name, i);
            test.Spreads(at, Over(l => l.TestError), kinds[i].Name, i);
        }
        lab.Figure(
            new PlotGrid(null, 2, loss, test),
            $"{seeds.Count} seeds; the bands reach from the smallest to the largest. This is not over-fitting: the deep network is worse "
                + "on the examples that it was trained on.");
        lab.Check(
            $"after {steps} steps the training loss of 56 layers is {ends[1].Number()} and that of 20 layers {ends[0].Number()}",
            ends[1].Mean / ends[0].Mean, atLeast: 1.2);
        lab.Check($"the mean of the former is below ln 10 = {Math.Log(10):0.00}, the loss of guessing", ends[1].Mean, atMost: 2.1);
        lab.Check(
            $"the test error is {errors[1].Percent()} with 56 layers and {errors[0].Percent()} with 20", errors[1].Mean - errors[0].Mean,
            atLeast: 0.01);
        lab.Check($"the 20 layers and 36 identity layers differ from the 20 alone by {off:0e0}", off, atMost: 1e-3);
        lab.Check($"56 layers with residual connections reach {ends[2].Number()}", ends[2].Mean / ends[1].Mean, atMost: 0.5);

        static Plot Axes(string title, string name)
            => new(title) { XLabel = "step", YLabel = name, Width = 480, Height = 380, Legend = LegendPlace.Below };
    }

    private sealed record Look(int Step, double Loss, double TestError);

    private sealed record Trained(Sequential Network, List<Look> Looks)
    {
        public double End => Looks[^1].Loss;

        public double TestError => Looks[^1].TestError;
    }

    private static ((Tensor X, Tensor Y) Train, (Tensor X, Tensor Y) Test) Digits(LabContext lab, ulong seed)
        => (DigitImages.Rows(lab.Pick(full: 1000, reduced: 400), seed), DigitImages.Rows(500, seed + 1));

    private static Trained Train(LabContext lab, int layers, bool isResidual, ulong seed, int steps)
    {
        var ((x, y), (testX, testY)) = Digits(lab, seed);
        Generator.SetSeed(seed);
        var parts = new List<Module> { new Linear(DigitImages.Pixels, Width) };
        for (int l = 2; l < layers; l++)
        {
            var linear = new Linear(Width, Width);
            Init.Zeros(linear.Bias!);
            // A block that is added to what goes past it starts smaller, so that the sum of all of them keeps its size.
            Init.HeNormal(linear.Weight, isResidual ? Math.Sqrt(2.0 / layers) : Math.Sqrt(2));
            Module[] block = [new Relu(), linear];
            if (isResidual) parts.Add(new Residual(new Sequential(block)));
            else parts.AddRange(block);
        }
        parts.AddRange([new Relu(), new Linear(Width, DigitImages.Classes)]);
        var network = new Sequential(parts);
        var order = new Generator(seed + 5);
        var looks = new List<Look>();
        Descent.Run(new Adam(network.Parameters(), learningRate: 1e-3), lab.Steps(steps), _ =>
        {
            var (images, labels) = Descent.Batch(x, y, 64, order);
            return Loss.CrossEntropy(network.Forward(images), labels);
        }, step =>
        {
            if ((step + 1) % 20 == 0)
                looks.Add(new(step + 1, Evaluate.Loss(network, x, y, Loss.CrossEntropy), Evaluate.Error(network, testX, testY)));
        });
        return new(network, looks);
    }

    /// <summary>The same layers, and before the last one some of unit weights, each with its ReLU.</summary>
    private static Sequential Copied(Sequential network, int identities)
    {
        var parts = network.ToList();
        for (int i = 0; i < identities; i++)
        {
            var linear = new Linear(Width, Width);
            Init.Zeros(linear.Bias!);
            using (Autograd.NoGrad()) linear.Weight.Value.CopyFrom(Tensor.Eye(Width));
            parts.InsertRange(parts.Count - 1, [linear, new Relu()]);
        }
        return new Sequential(parts);
    }
}

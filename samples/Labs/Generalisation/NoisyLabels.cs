using DeepNet.Labs.Kit;

namespace DeepNet.Labs.Generalisation;

internal sealed class NoisyLabels : Lab
{
    public override string Name => "noisy-labels";

    public override string Title => "Wrong labels are learned last, which is how they can be found";

    public override string Claim => """
        A fifth of five hundred digits have a wrong label. A network learns what digits have in common before it learns exceptions: early in
        training the loss of wrong labels is far above that of right ones. Under cross-validation the examples of the largest loss are
        mostly the wrong ones; without them the network does better on new digits, and nearly as well as with no wrong label at all.
        """;

    public override string Question => "Some labels of a data set are wrong, and nobody knows which. How can they be found?";

    public override Guess Guess => new(
        [
            "Train to the end: the examples that still have a high loss are the wrong ones",
            "By their loss under a model that was not trained on them, or early in training",
            "They cannot be found without asking people",
            "By their gradients: wrong labels have the smallest ones",
        ],
        Right: 1);

    public override string Explanation => """
        The gradient of the whole loss is a sum over examples, $\mathbf{g} = \frac{1}{n} \sum_{i} \nabla L_i$. Examples that agree push in
        one direction and their sum is large; wrong labels contradict the others and each other, so their pushes cancel. The network
        therefore first follows the consensus. Later, when the right examples are fitted and their gradients vanish, only the exceptions are
        left, and the network has enough parameters to learn each of them by heart.

        After full training the loss $L_i = -\log p(y_i | \mathbf{x}_i)$ of a wrong label is as small as any other. So each example is
        judged by a model that has not seen it: five folds, each with a model trained on the other four for a few epochs. Leaving out the
        fifth of the examples with the largest such loss removes most wrong labels together with some hard right ones.

        It works because wrong labels are random and a minority. If one class is systematically mislabelled as another, the models learn
        that as well, and the loss says nothing; and the share to leave out has to be known roughly. Early stopping uses the same effect
        without finding anything.
        """;

    public override string Falsified => """
        Losses of wrong and right labels that never differ by a factor of 3; or a set of examples left out of which fewer than 60 % are
        wrong; or no gain on new digits.
        """;

    public override IReadOnlyList<string> Next => ["early-stopping", "boosting", "model-choice"];

    public override void Example(TextWriter output)
    {
        var (x, y) = SyntheticData.Blobs(500, classes: 5, features: 10, std: 2, seed: 1).All();
        var isWrong = Tensor.Bernoulli(y.Shape, 0.2, DType.Bool, generator: new Generator(1));
        var noisy = Tensor.Where(isWrong, (y + 1) % 5, y);
        Generator.SetSeed(1);
        var network = new Sequential(new Linear(10, 128), new Relu(), new Linear(128, 5));
        var optimizer = new Adam(network.Parameters(), learningRate: 0.01);
        for (int step = 0; step <= 400; step++)
        {
            using var scope = Memory.Scope();
            var losses = Loss.CrossEntropy(network.Forward(x), noisy, reduction: Reduction.None);
            if (step is 10 or 50 or 400)
            {
                double wrong = losses.MaskedSelect(isWrong).Mean().Item(), right = losses.MaskedSelect(!isWrong).Mean().Item();
                double found = isWrong.To(DType.Float32).IndexSelect(0, losses.TopK(100).Item2).Mean().Item();
                output.WriteLine($"step {step}: loss of wrong labels {wrong:0.00}, of right ones {right:0.00}");
                output.WriteLine($"   of the hundred examples with the largest loss {found:P0} have wrong labels");
            }
            optimizer.ZeroGrad();
            losses.Mean().Backward();
            optimizer.Step();
        }
    }

    public override IReadOnlyList<string> Mutations => ["no wrong labels", "random examples left out"];

    private const double Wrong = 0.2;

    public override void Run(LabContext lab)
    {
        var trials = lab.Seeds(full: 5, reduced: 2).Select(seed => Trial(lab, seed)).ToArray();
        Spread found = new(trials.Select(t => t.Found)), noisy = new(trials.Select(t => t.Noisy)),
            cleaned = new(trials.Select(t => t.Cleaned)),
            clean = new(trials.Select(t => t.Clean));
        double[] axis = [.. trials[0].OfRight.Select((_, i) => i + 1.0)];
        lab.Figure(
            new PlotGrid(
                null, 2,
                new Plot("training loss") { XLabel = "epoch", YLabel = "cross-entropy", Width = 460, Legend = LegendPlace.Below }
                    .Spreads(axis, [.. axis.Select((_, i) => new Spread(trials.Select(t => t.OfRight[i])))], "right labels", 0)
                    .Spreads(axis, [.. axis.Select((_, i) => new Spread(trials.Select(t => t.OfWrong[i])))], "wrong labels", 1),
                new Plot("accuracy on new digits") { YLabel = "accuracy", YMin = 0.5, YMax = 1, Width = 420 }
                    .Bar(["with wrong labels", "cleaned", "none wrong"], [noisy.Mean, cleaned.Mean, clean.Mean])),
            $"{trials.Length} seeds. First: right labels are learned first. Second: cleaned means without the fifth of the examples that "
                + "has the largest loss.");
        double gap = trials.Average(t => t.OfWrong.Zip(t.OfRight, (w, r) => w / r).Max());
        lab.Check($"at most the loss of wrong labels is {gap:0.0} times that of right ones", gap, atLeast: 3);
        lab.Check($"{found.Percent()} of the examples left out have wrong labels (by chance {Wrong:P0})", found.Mean, atLeast: 0.6);
        lab.Check(
            $"the accuracy on new digits is {noisy.Percent()} with wrong labels, {cleaned.Percent()} cleaned", cleaned.Mean - noisy.Mean,
            atLeast: 0.03);
        lab.Check($"and {clean.Percent()} with none wrong", clean.Mean - cleaned.Mean, atMost: 0.1);
    }

    private sealed record Outcome(double Found, double Noisy, double Cleaned, double Clean, List<double> OfRight, List<double> OfWrong);

    private static Outcome Trial(LabContext lab, ulong seed)
    {
        const int count = 500, folds = 5;
        SmallDigits clean = SmallDigits.Make(count, seed), test = SmallDigits.Make(1000, seed + 50);
        bool isClean = lab.Mutated("no wrong labels");
        var noisy = isClean ? clean : SmallDigits.Make(count, seed, Wrong);
        bool[] isWrong = [.. noisy.Y.NotEqual(clean.Y).ToArray<bool>()];
        var (model, ofRight, ofWrong) = Learn(lab, noisy, seed, 30, isWrong);

        // The loss of each example under a model that has not seen it.
        var losses = new double[count];
        for (int f = 0; f < folds; f++)
        {
            // Blocks, and not every fifth: digits come in turn, and a fold is to have all of them.
            int[] held = [.. Enumerable.Range(0, count).Where(i => i * folds / count == f)],
                rest = [.. Enumerable.Range(0, count).Where(i => i * folds / count != f)];
            var judge = Learn(lab, Pick(noisy, rest), seed, 8, null).Model;
            var part = Pick(noisy, held);
            float[] own = Loss.CrossEntropy(Evaluate.Output(judge, part.X), part.Y, reduction: Reduction.None).ToArray();
            for (int i = 0; i < held.Length; i++) losses[held[i]] = own[i];
        }
        int drop = (int)(Wrong * count);
        int[] order = [.. Enumerable.Range(0, count).OrderByDescending(i => losses[i])];
        if (lab.Mutated("random examples left out")) new Random(1).Shuffle(order);
        var kept = Pick(noisy, [.. order[drop..].Order()]);
        return new(
            order[..drop].Count(i => isWrong[i]) / (double)drop, test.AccuracyOf(model),
                test.AccuracyOf(Learn(lab, kept, seed, 30, null).Model),
            test.AccuracyOf(Learn(lab, clean, seed, 30, null).Model), ofRight, ofWrong);
    }

    private static SmallDigits Pick(SmallDigits from, int[] places)
    {
        var chosen = Tensor.From<long>([.. places.Select(p => (long)p)]);
        return new(from.X.IndexSelect(0, chosen), from.Y.IndexSelect(0, chosen));
    }

    private static (Sequential Model, List<double> OfRight, List<double> OfWrong) Learn(
        LabContext lab, SmallDigits digits, ulong seed, int epochs, bool[]? isWrong)
    {
        Generator.SetSeed(seed);
        var model = Networks.Mlp([SmallDigits.Pixels, 64, 10], () => new Relu());
        var optimizer = new Adam(model.Parameters(), learningRate: 3e-3);
        var order = new Generator(seed + 3);
        (List<double> ofRight, List<double> ofWrong) = ([], []);
        foreach (int _ in lab.Steps(epochs))
        {
            foreach (var part in digits.Batches(32, order)) Descent
                .Run(optimizer, [0], () => Loss.CrossEntropy(model.Forward(part.X), part.Y));
            if (isWrong is null) continue;
            float[] own = Loss.CrossEntropy(Evaluate.Output(model, digits.X), digits.Y, reduction: Reduction.None).ToArray();
            ofRight.Add(own.Where((_, i) => !isWrong[i]).Average());
            ofWrong.Add(own.Where((_, i) => isWrong[i]).DefaultIfEmpty((float)ofRight[^1]).Average());
        }
        return (model, ofRight, ofWrong);
    }
}

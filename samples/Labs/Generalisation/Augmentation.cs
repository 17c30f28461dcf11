using DeepNet.Data.Transforms;
using DeepNet.Labs.Kit;

namespace DeepNet.Labs.Generalisation;

/// <summary>More examples out of the same ones.</summary>
internal sealed class Augmentation : Lab
{
    public override string Name => "augmentation";

    public override string Title => "Augmentation that helps, and one that hurts";

    public override string Claim => """
        Two hundred digits that are slightly rotated, shifted and zoomed each time teach more than ten times as many digits shown unchanged,
        because new digits vary in just these ways. But a change must not alter what the image means: digits shown upside down make the
        network worse than no augmentation, and worst on 6 and 9, which turn into each other.
        """;

    public override string Question => "Which changes of the training images make a network better on new ones?";

    public override Guess Guess => new(
        [
            "Any change, since more variety is always better",
            "None: changed images are not real data",
            "Those that occur in new images and keep the label right",
            "Only changes that are stronger than those in new images",
        ],
        Right: 2);

    public override string Explanation => """
        Training minimises the mean loss over the examples in place of the mean over the distribution of images. Augmentation replaces each
        example by a cloud of them, $\frac{1}{n} \sum_{i=1}^{n} \mathrm{E}_T[L(f(T(\mathbf{x}_i)), y_i)]$, with random transforms $T$. It
        tells the network something that the examples alone do not show: that the answer does not change under $T$.

        This is prior knowledge, and it is worth as much as it is true. Small rotations, shifts and zooms are what distinguishes two
        drawings of one digit, so 200 digits with them cover the distribution better than 2000 without. A rotation by 180 degrees never
        occurs among new digits. For most digits it only wastes capacity, but it carries a 6 onto a 9: the same image then comes with two
        labels, and the best possible answer is $p = \frac{1}{2}$ for each.

        The transforms are drawn anew at each showing and only in training. Which ones are right depends on the task: mirroring is harmless
        for photographs of animals and harmful for letters. Ten times as many real examples would win again if they contained variations
        that no transform makes.
        """;

    public override string Falsified => """
        Slight changes that leave more than 70 % of the error, or upside-down digits that do not raise it.
        """;

    public override IReadOnlyList<string> Next => ["mismatch", "early-stopping", "noisy-labels"];

    public override void Example(TextWriter output)
    {
        var (x, y) = SyntheticData.Digits(500, seed: 1).All();
        x = x.AvgPool2d(2);
        var (trainX, trainY, testX, testY) = (x[..100], y[..100], x[100..], y[100..]);
        var slight = new RandomAffine(degrees: 12, shift: 0.12, lowZoom: 0.85, highZoom: 1.15);
        foreach (bool isAugmented in new[] { false, true })
        {
            Generator.SetSeed(1);
            var network = new Sequential(new Flatten(), new Linear(196, 64), new Relu(), new Linear(64, 10));
            var optimizer = new Adam(network.Parameters(), learningRate: 3e-3);
            for (int step = 0; step < 200; step++)
            {
                using var scope = Memory.Scope();
                DrawKey[] keys = [.. Enumerable.Range(0, 100).Select(i => DrawKey.FromSeed(1).At((ulong)(step * 100 + i)))];
                var shown = isAugmented ? slight.Apply(new Batch(trainX, trainY), keys).X : trainX;
                optimizer.ZeroGrad();
                Loss.CrossEntropy(network.Forward(shown), trainY).Backward();
                optimizer.Step();
            }
            double accuracy = network.Forward(testX).ArgMax(1).Equal(testY).To(DType.Float32).Mean().Item();
            output.WriteLine($"{(isAugmented ? "slightly changed" : "unchanged")}: accuracy {accuracy:P0} on new digits");
        }
    }

    public override IReadOnlyList<string> Mutations => ["transforms that change nothing", "no digit upside down"];

    private const int Batch = 50;

    private sealed record Way(string Name, int Digits, Func<Tensor, int, Tensor> Change);

    public override void Run(LabContext lab)
    {
        var slight = lab.Mutated("transforms that change nothing")
            ? new RandomAffine()
            : new RandomAffine(degrees: 12, shift: 0.12, lowZoom: 0.85, highZoom: 1.15);
        bool isTurned = !lab.Mutated("no digit upside down");
        Way[] ways =
        [
            new("unchanged", 200, (x, _) => x),
            new("slightly changed", 200, (x, step) => slight.Apply(new Batch(x, x), Keys(lab, step)).X),
            new("half upside down", 200, (x, _) => isTurned ? Tensor.Cat([x[..(Batch / 2)].Flip(2, 3), x[(Batch / 2)..]]) : x),
            new("twice as many", 400, (x, _) => x),
            new("ten times as many", 2000, (x, _) => x),
        ];
        var seeds = lab.Seeds(full: 5);
        Spread[] all = new Spread[ways.Length], ofSixAndNine = new Spread[ways.Length];
        for (int w = 0; w < ways.Length; w++)
        {
            var errors = seeds.Select(seed => Train(lab, ways[w], seed)).ToArray();
            (all[w], ofSixAndNine[w]) = (new(errors.Select(e => e.All)), new(errors.Select(e => e.OfSixAndNine)));
        }

        lab.Table(
            ["training digits", "number", "error on new digits", "error on 6 and 9"],
            ways.Select((w, i) => (string[])[w.Name, $"{w.Digits}", all[i].Percent("0.0"), ofSixAndNine[i].Percent("0.0")]));
        string[] names = [.. ways.Select(w => w.Name)];
        double[] Half(Spread[] spreads) => [.. spreads.Select(s => (s.Max - s.Min) / 2)];
        lab.Figure(
            new Plot("Error on new digits") { YLabel = "share of digits answered wrongly", YMin = 0, Width = 760 }
                .Bar(names, [.. all.Select(s => s.Mean)], "all digits", errors: Half(all))
                .Bar(names, [.. ofSixAndNine.Select(s => s.Mean)], "6 and 9", errors: Half(ofSixAndNine)),
            $"The same network and steps, {seeds.Count} times with other digits and weights; the error bars are half the range from the "
                + "smallest to the largest. Upside down, a 6 is an image of a 9 with the wrong label.");
        var six = DigitImages.Images(200, seed: 1).X[6..7];
        lab.Figure(
            new PlotGrid(
                null, 3, Picture.Draw("unchanged", six), Picture.Draw("slightly changed", ways[1].Change(six, 3)),
                Picture.Draw("upside down", six.Flip(2, 3))),
            "A six unchanged, slightly changed, and upside down.");
        double Ratio(int a, int b) => all[a].Mean / all[b].Mean;
        lab.Check($"slight changes lower the error from {all[0].Percent("0.0")} to {all[1].Percent("0.0")}", Ratio(1, 0), atMost: 0.7);
        lab.Check($"twice as many digits lower it to {all[3].Percent("0.0")}", Ratio(3, 0), atMost: 0.9);
        lab.Check($"ten times as many lower it to {all[4].Percent("0.0")}", Ratio(1, 4), atMost: 0.9);
        lab.Check($"with half of them upside down it is {all[2].Percent("0.0")}", Ratio(2, 0), atLeast: 1.2);
        lab.Check(
            $"on 6 and 9 it is {ofSixAndNine[2].Percent()} instead of {ofSixAndNine[0].Percent()}",
            ofSixAndNine[2].Mean - ofSixAndNine[0].Mean, atLeast: 0.2);
    }

    private static (double All, double OfSixAndNine) Train(LabContext lab, Way way, ulong seed)
    {
        var train = DigitImages.Images(way.Digits, seed);
        var test = DigitImages.Images(lab.Pick(full: 1000, reduced: 600), seed + 1);
        Generator.SetSeed(seed);
        var network = new Sequential(
            new Flatten(), new Linear(DigitImages.Pixels, 96), new Relu(), new Linear(96, DigitImages.Classes));
        var order = new Generator(seed);
        Descent.Run(new Adam(network.Parameters(), learningRate: 2e-3), lab.Steps(800), step =>
        {
            var (x, y) = Descent.Batch(train.X, train.Y, Batch, order);
            return Loss.CrossEntropy(network.Forward(way.Change(x, step)), y);
        });
        var isWrong = Evaluate.Output(network, test.X).ArgMax(1).NotEqual(test.Y).To(DType.Float64);
        return (isWrong.Mean().Item<double>(), isWrong.MaskedSelect(test.Y.Equal(6) | test.Y.Equal(9)).Mean().Item<double>());
    }

    /// <summary>Makes the random key of each image from its position among all that are shown.</summary>
    private static DrawKey[] Keys(LabContext lab, int step)
        => [.. Enumerable.Range(0, Batch).Select(i => DrawKey.FromSeed(lab.Seed).At((ulong)(step * Batch + i)))];
}

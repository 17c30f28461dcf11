using DeepNet.Data.Transforms;
using DeepNet.Labs.Kit;

namespace DeepNet.Labs.Generalisation;

/// <summary>More examples out of the same ones.</summary>
internal sealed class Augmentation : Lab
{
    public override string Name => "augmentation";

    public override string Title => "Augmentation that helps, and one that hurts";

    public override string Claim => """
        Two hundred digits, shown a little turned, shifted and zoomed each time, teach more than ten times as many shown as they are: the
        hand that drew them varies by just such changes. But a change must not change what the image means: digits shown upside down make
        the network worse than no augmentation, and worst on 6 and 9, which become each other.
        """;

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
            new("as they are", 200, (x, _) => x),
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
            ["the digits are shown", "digits", "error on new digits", "error on 6 and 9"],
            ways.Select((w, i) => (string[])[w.Name, $"{w.Digits}", all[i].Percent("0.0"), ofSixAndNine[i].Percent("0.0")]));
        string[] names = [.. ways.Select(w => w.Name)];
        double[] Half(Spread[] spreads) => [.. spreads.Select(s => (s.Max - s.Min) / 2)];
        lab.Figure(
            new Plot("Error on new digits") { YLabel = "share of digits answered wrongly", YMin = 0, Width = 760 }
                .Bar(names, [.. all.Select(s => s.Mean)], "all digits", errors: Half(all))
                .Bar(names, [.. ofSixAndNine.Select(s => s.Mean)], "6 and 9", errors: Half(ofSixAndNine)),
            $"The same network and steps, {seeds.Count} times with other digits and weights; the bars' ends reach from the least to the "
                + "greatest. Upside down, a 6 is an image of a 9 with the wrong label.");
        var six = DigitImages.Images(200, seed: 1).X[6..7];
        lab.Figure(
            new PlotGrid(
                null, 3, Picture.Draw("as it is", six), Picture.Draw("changed slightly", ways[1].Change(six, 3)),
                Picture.Draw("upside down", six.Flip(2, 3))),
            "A six as it is, changed slightly, and upside down.");
        double Ratio(int a, int b) => all[a].Mean / all[b].Mean;
        lab.Check($"slight changes take the error from {all[0].Percent("0.0")} to {all[1].Percent("0.0")}", Ratio(1, 0), atMost: 0.7);
        lab.Check($"twice as many digits to {all[3].Percent("0.0")}", Ratio(3, 0), atMost: 0.9);
        lab.Check($"ten times as many to {all[4].Percent("0.0")}", Ratio(1, 4), atMost: 0.9);
        lab.Check($"upside down it is {all[2].Percent("0.0")}", Ratio(2, 0), atLeast: 1.2);
        lab.Check(
            $"on 6 and 9 {ofSixAndNine[2].Percent()} instead of {ofSixAndNine[0].Percent()}",
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

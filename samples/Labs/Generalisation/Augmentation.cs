using DeepNet.Data.Transforms;
using DeepNet.Labs.Kit;

namespace DeepNet.Labs.Generalisation;

/// <summary>More examples out of the same ones.</summary>
internal sealed class Augmentation : Lab
{
    public override int Number => 34;

    public override string Name => "augmentation";

    public override string Title => "Augmentation that helps, and one that hurts";

    public override string Claim => """
        Two hundred digits, shown a little turned, shifted and zoomed each time, teach nearly as much as many more would. But a change must
        not change what the image means: digits shown upside down make the network worse than no augmentation, and worst on 6 and 9, which
        become each other.
        """;

    public override IReadOnlyList<string> Mutations => ["transforms that change nothing", "no digit upside down"];

    private const int Batch = 50;

    public override void Run(LabContext lab)
    {
        int steps = lab.Pick(full: 800, reduced: 350);
        var train = DigitImages.Images(200, seed: 1);
        var test = DigitImages.Images(lab.Pick(full: 1000, reduced: 600), seed: 2);

        var slight = lab.Mutated("transforms that change nothing")
            ? new RandomAffine()
            : new RandomAffine(degrees: 12, shift: 0.12, lowZoom: 0.85, highZoom: 1.15);
        bool isTurned = !lab.Mutated("no digit upside down");
        (string Name, Func<Tensor, int, Tensor> Change)[] ways =
        [
            ("as they are", (x, _) => x),
            ("slightly changed", (x, step) => slight.Apply(new Batch(x, x), Keys(lab, step)).X),
            ("half upside down", (x, _) => isTurned ? Tensor.Cat([x[..(Batch / 2)].Flip(2, 3), x[(Batch / 2)..]]) : x),
        ];

        var (all, ofSixAndNine) = (new List<double>(), new List<double>());
        var rows = new List<string[]>();
        foreach (var (name, change) in ways)
        {
            Generator.SetSeed(lab.Seed);
            var network = new Sequential(
                new Flatten(), new Linear(DigitImages.Pixels, 96), new Relu(), new Linear(96, DigitImages.Classes));
            Descent.Run(new Adam(network.Parameters(), learningRate: 2e-3), lab.Steps(steps), step =>
            {
                var (x, y) = Descent.Batch(train.X, train.Y, Batch, lab.Random);
                return Loss.CrossEntropy(network.Forward(change(x, step)), y);
            });
            var isSixOrNine = test.Y.Equal(6) | test.Y.Equal(9);
            var isWrong = Evaluate.Output(network, test.X).ArgMax(1).NotEqual(test.Y).To(DType.Float64);
            all.Add(isWrong.Mean().Item<double>());
            ofSixAndNine.Add(isWrong.MaskedSelect(isSixOrNine).Mean().Item<double>());
            rows.Add([name, $"{all[^1]:P1}", $"{ofSixAndNine[^1]:P1}"]);
        }

        lab.Table(["the 200 digits are shown", "error on new digits", "error on 6 and 9"], rows);
        string[] names = [.. ways.Select(w => w.Name)];
        lab.Figure(
            new Plot("Error on new digits")
            {
                YLabel = "share of digits answered wrongly", YMin = 0,
            }.Bar(names, all, "all digits").Bar(names, ofSixAndNine, "6 and 9"),
            "The same 200 digits, network and steps. Upside down, a 6 is an image of a 9 with the wrong label.");
        lab.Figure(
            Images(train.X[6..7], ways[1].Change(train.X[6..7], 3), train.X[6..7].Flip(2, 3)),
            "A six as it is, changed slightly, and upside down.");
        lab.Check($"slight changes take the error from {all[0]:P1} to {all[1]:P1}", all[1] / all[0], atMost: 0.7);
        lab.Check($"upside down it is {all[2]:P1}", all[2] / all[0], atLeast: 1.2);
        lab.Check($"on 6 and 9 {ofSixAndNine[2]:P0} instead of {ofSixAndNine[0]:P0}", ofSixAndNine[2] - ofSixAndNine[0], atLeast: 0.2);
    }

    /// <summary>Makes the random key of each image from its position among all that are shown.</summary>
    private static DrawKey[] Keys(LabContext lab, int step)
        => [.. Enumerable.Range(0, Batch).Select(i => DrawKey.FromSeed(lab.Seed).At((ulong)(step * Batch + i)))];

    private static PlotGrid Images(params Tensor[] images)
    {
        string[] names = ["as it is", "changed slightly", "upside down"];
        return new PlotGrid(null, 3, images.Select((p, i) => Draw(names[i], p)));
    }

    private static Plot Draw(string name, Tensor x)
    {
        double[] axis = Fit.Grid(1, DigitImages.Side, DigitImages.Side);
        // The first row of an image is on top.
        return new Plot(name)
        {
            XLabel = "pixel", YLabel = "pixel", ZLabel = "ink", Width = 320, Height = 260, EqualAspect = true, ZMin = 0, ZMax = 1,
        }
            .HeatMap(axis, axis, Plane.Fold(x.Flip(2), axis, axis));
    }
}

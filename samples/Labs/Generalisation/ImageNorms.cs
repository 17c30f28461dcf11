using DeepNet.Labs.Kit;

namespace DeepNet.Labs.Generalisation;

/// <summary>Distances of images.</summary>
internal sealed class ImageNorms : Lab
{
    public override string Name => "image-norms";

    public override string Title => "L1, L2 and L∞ differ about which image is near, and none sees a shift";

    public override string Claim => """
        A digit is changed so that everybody still reads it, and its distance from the original is compared with that of the nearest digit
        of another class. One pixel changed: near by L1 and L2, far by L∞. A light mist over the image: near by L∞, far by L1. Shifted by
        two pixels, it is farther than a wrong digit by all three. A norm of pixels is not the distance that people see.
        """;

    public override string Question
        => "A digit is shifted by two pixels: which norm still calls it nearer to itself than to another digit?";

    public override Guess? Guess => new(
        [
            "L1, because it adds up small differences",
            "L2, the distance of everyday life",
            "L∞, because no pixel changes by more than 1",
            "None of them, for most digits",
        ],
        Right: 3);

    public override string Explanation => """
        With $d$ the difference of two images, $|d|_1 = \sum_i |d_i|$ counts all changes, $|d|_2 = \sqrt{\sum_i d_i^2}$ weighs large ones
        more, and $|d|_\infty = \max_i |d_i|$ sees only the largest. One pixel from 0 to 1 has length 1 by all three;
        but the nearest digit of another class is about 15 away in L1, 2.6 in L2 and 0.8 in L∞, so 1 is little, less than half, or too much.

        A mist of 0.3 over $n$ pixels has $|d|_\infty = 0.3$, $|d|_2 = 0.3 \sqrt{n}$ and $|d|_1 = 0.3 n$: for 196 pixels 0.3, 4 and 59.
        Attacks on classifiers are bounded by L∞ for this reason: they may change every pixel, by an amount that nobody sees. Images that
        networks generate are compared by L1, which leaves edges sharper than L2, because it does not fear a few large errors.

        All three compare the same place in both images. The strokes are two pixels wide, so after a shift by two ink lies on paper
        everywhere: the difference has twice the ink of the digit. A convolutional network with pooling, or a distance between the features
        of a trained one, calls the two alike.
        """;

    public override string Falsified => """
        A norm that calls most shifted digits near, an L∞ that calls a changed pixel near, or an L1 that calls mist near.
        """;

    public override IReadOnlyList<string> Next => ["dimensions", "bagging-and-attacks", "augmentation"];

    public override void Example(TextWriter output)
    {
        var (images, _) = SyntheticData.Digits(20, seed: 1).All();
        Tensor three = images[3], eight = images[8];
        var pixel = three.Clone();
        pixel[0, 0, 0] = 1;
        foreach (var (name, changed) in new[]
            { ("one pixel", pixel), ("mist", three + 0.3 * (1 - three)), ("shift", three.Roll(4, 2)), ("an 8", eight) })
        {
            var d = (changed - three).Abs();
            output.WriteLine(
                $"a 3 and {name}: L1 {d.Sum().Item():0.0}, L2 {d.Square().Sum().Sqrt().Item():0.0}, L∞ {d.Max().Item():0.0}");
        }
    }

    public override IReadOnlyList<string> Mutations => ["no change of the image", "L2 in place of L∞"];

    private static readonly string[] Norms = ["L1", "L2", "L∞"], Changes = ["one pixel", "mist", "shifted by two pixels"];

    public override void Run(LabContext lab)
    {
        var seeds = lab.Seeds(full: 3);
        int known = lab.Pick(full: 1000, reduced: 600), asked = lab.Pick(full: 150, reduced: 80);
        // The last row of each has the distances of the nearest digits of another class.
        double[][,] trials = [.. seeds.Select(seed => Near(lab, seed, known, asked))];
        var near = new Spread[Changes.Length, Norms.Length];
        for (int c = 0; c < Changes.Length; c++)
            for (int n = 0; n < Norms.Length; n++) near[c, n] = new(trials.Select(t => t[c, n]));
        int[] norms = [.. Enumerable.Range(0, Norms.Length)];
        lab.Table(
            ["change", .. Norms],
            [.. Changes.Select((name, c) => (string[])[name, .. norms.Select(n => $"{near[c, n].Mean:P0}")]),
                ["distance of the nearest digit of another class",
                    .. norms.Select(n => new Spread(trials.Select(t => t[Changes.Length, n])).Number())]]);
        var (x, y) = DigitImages.Images(known, lab.Seed);
        var original = x[8];
        int other = Enumerable.Range(0, known).Where(i => y[i].Item<long>() != 8)
            .MinBy(i => (x[i] - original).Square().Sum().Item<double>());
        lab.Figure(
            new PlotGrid(null, 5,
                [Picture.Draw("original", original),
                    .. Changed(lab, x[8..9]).Select((image, c) => Picture.Draw(Changes[c], image)),
                    Picture.Draw("nearest other class", x[other])]),
            "A digit, three changes of it, and the digit of another class that is nearest by L2.");
        var bars = new Plot("Nearer to itself than to any digit of another class")
        {
            YLabel = "share of digits", YMin = 0, YMax = 1.02, Width = 640,
        };
        foreach (int n in norms)
            bars.Bar(Changes, [.. Enumerable.Range(0, Changes.Length).Select(c => near[c, n].Mean)], Norms[n]);
        lab.Figure(bars, $"{asked} digits against {known} others, {seeds.Count} seeds.");
        lab.Check($"with one pixel changed a digit is near by L1 for {near[0, 0].Percent()}", near[0, 0].Mean, atLeast: 0.95);
        lab.Check($"by L2 for {near[0, 1].Percent()}", near[0, 1].Mean, atLeast: 0.95);
        lab.Check($"by L∞ for {near[0, 2].Percent()}", near[0, 2].Mean, atMost: 0.1);
        lab.Check($"under mist by L∞ for {near[1, 2].Percent()}", near[1, 2].Mean, atLeast: 0.95);
        lab.Check($"by L1 for {near[1, 0].Percent()}", near[1, 0].Mean, atMost: 0.05);
        double shifted = norms.Max(n => near[2, n].Mean);
        lab.Check($"shifted by two pixels, by no norm for more than {shifted:P0}", shifted, atMost: 0.4);
    }

    /// <summary>Three changes that nobody has trouble with.</summary>
    private static Tensor[] Changed(LabContext lab, Tensor images)
    {
        if (lab.Mutated("no change of the image")) return [images, images, images];
        var pixel = images.Clone();
        pixel[.., .., 1, 1] = 1;
        return [pixel, images + 0.3 * (1 - images), images.Roll(2, 3)];
    }

    /// <summary>
    /// Computes the share of digits that are nearer to their changed form than to every digit of another class, by change and norm, and
    /// in a last row the mean distance of the nearest digit of another class.
    /// </summary>
    private static double[,] Near(LabContext lab, ulong seed, int known, int asked)
    {
        using var scope = Memory.Scope();
        var (x, labels) = DigitImages.Rows(known, seed);
        var (images, answers) = DigitImages.Images(asked, seed + 50);
        Tensor[] changed = Changed(lab, images);
        var near = new double[Changes.Length + 1, Norms.Length];
        foreach (int i in lab.Steps(asked))
        {
            using var inner = Memory.Scope();
            var own = images[i].Reshape(1, -1);
            var isOther = labels.NotEqual(answers[i]);
            for (int n = 0; n < Norms.Length; n++)
            {
                double wrong = Tensor.Where(isOther, Lengths(x - own, n), Tensor.Full(new Shape(1), 1e9)).Min().Item<double>();
                near[Changes.Length, n] += wrong / asked;
                for (int c = 0; c < Changes.Length; c++)
                    if (Lengths(changed[c][i].Reshape(1, -1) - own, n).Item<double>() < wrong) near[c, n] += 1.0 / asked;
            }
        }
        return near;

        Tensor Lengths(Tensor d, int norm) => norm switch
        {
            0 => d.Abs().Sum(1),
            2 when !lab.Mutated("L2 in place of L∞") => d.Abs().Max(1),
            _ => d.Square().Sum(1).Sqrt(),
        };
    }
}

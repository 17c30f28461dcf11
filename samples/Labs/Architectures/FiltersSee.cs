using DeepNet.Labs.Kit;

namespace DeepNet.Labs.Architectures;

internal sealed class FiltersSee : Lab
{
    public override string Name => "filters-see";

    public override string Title => "Layer by layer a convolutional network turns strokes into digits";

    public override string Claim => """
        The filters of the first layer respond to short strokes of one direction, those of later layers to larger and more specific parts.
        The purpose can be measured: from layer to layer images of one digit come closer to each other, relative to the distance between
        digits, until the nearest class mean is nearly always right. In an untrained network this hardly happens. And shifting an image
        changes the last layer less than it changes the pixels.
        """;

    public override string Question => "What do the layers of a trained convolutional network do to images of the same class?";

    public override Guess Guess => new(
        [
            "Only the last layer separates the classes; the others just pass the image on",
            "Each layer brings them closer together and farther from other classes",
            "Each layer makes the images sharper",
            "Random filters do the same: convolution alone is enough",
        ],
        Right: 1);

    public override string Explanation => """
        A filter computes the inner product of its weights with each patch of the image, $z = \sum_{i,j} w_{ij} x_{ij} + b$. Among patches
        of equal norm it is largest where the patch is parallel to the filter, so a filter is a template, and its picture shows what it
        looks for. In the first layer templates of five by five pixels can only be edges, strokes and spots.

        Each pooling halves the image, so the receptive field grows: a unit of the three layers here sees 5, 10 and 20 pixels, the last of
        which is the whole image of 14. Units of layer 2 combine strokes to corners and bends, those of layer 3 combine these to parts of
        digits. Features are reused: one stroke detector serves all digits, at every place.

        Convolution commutes with shifts, and taking the maximum over $2 \times 2$ outputs forgets where in the square the stroke was. So a
        shift of one pixel changes deep features less. This part needs no training, but that the classes come apart does: random filters
        keep the distances of the pixels or blur them. That layers are ordered from strokes to parts is a tendency of networks trained on
        images, not a law for each filter.
        """;

    public override string Falsified => """
        A trained network in which the nearest class mean is right no more often at layer 3 than on pixels or than in an untrained network.
        """;

    public override IReadOnlyList<string> Next => ["depth", "attention-sorts", "augmentation"];

    public override void Example(TextWriter output)
    {
        Generator.SetSeed(1);
        var (x, y) = SyntheticData.Digits(800, seed: 1).All();
        x = x.AvgPool2d(2);
        var features = new Sequential(
            new Conv2d(1, 8, 5, padding: 2), new Relu(), new MaxPool2d(2),
            new Conv2d(8, 16, 3, padding: 1), new Relu(), new MaxPool2d(2), new Conv2d(16, 32, 3, padding: 1), new Relu(), new Flatten());
        var network = new Sequential(features, new Linear(32 * 9, 10));

        double NearestMeanIsRight(Tensor f)
        {
            var train = y[..600].OneHot(10).To(DType.Float32).T;
            var means = train.MatMul(f[..600]) / train.Sum(1, keepDim: true);
            return f[600..].Cdist(means).ArgMin(1).Equal(y[600..]).To(DType.Float32).Mean().Item();
        }
        output.WriteLine($"pixels {NearestMeanIsRight(x.Flatten(1)):P0}, untrained {NearestMeanIsRight(features.Forward(x).Detach()):P0}");
        var optimizer = new Adam(network.Parameters(), learningRate: 5e-3);
        for (int step = 0; step < 120; step++)
        {
            using var scope = Memory.Scope();
            var rows = Tensor.RandInt(0, 600, new Shape(64));
            optimizer.ZeroGrad();
            Loss.CrossEntropy(network.Forward(x.IndexSelect(0, rows)), y.IndexSelect(0, rows)).Backward();
            optimizer.Step();
        }
        output.WriteLine($"trained {NearestMeanIsRight(features.Forward(x).Detach()):P0}");
    }

    public override IReadOnlyList<string> Mutations => ["untrained network", "labels shuffled"];

    public override void Run(LabContext lab)
    {
        var trained = lab.Seeds(full: 3).Select(seed => Layers(lab, seed, !lab.Mutated("untrained network"))).ToArray();
        var random = lab.Seeds(full: 3).Select(seed => Layers(lab, seed, false)).ToArray();
        string[] names = ["pixels", "layer 1", "layer 2", "layer 3"];
        Spread Of(Seen[][] runs, int layer, Func<Seen, double> of) => new(runs.Select(r => of(r[layer])));

        lab.Table(
            ["", "nearest class mean is right, trained", "untrained", "change by a shift of one pixel"],
            names.Select((n, l) => (string[])[
                n, Of(trained, l, s => s.Right).Percent(), Of(random, l, s => s.Right).Percent(),
                    Of(trained, l, s => s.Shifted).Number()]));
        double[] axis = Fit.Grid(0, 3, 4);
        lab.Figure(
            new Plot("Right by the nearest class mean") { XLabel = "layer (0: the pixels)", YLabel = "share of new digits", YMax = 1.02 }
                .Spreads(axis, [.. axis.Select((_, l) => Of(trained, l, s => s.Right))], "trained", 0)
                .Spreads(axis, [.. axis.Select((_, l) => Of(random, l, s => s.Right))], "untrained", 1),
            "The separation of the classes at each layer.");
        lab.Figure(
            new PlotGrid(null, 4, trained[0][1].Filters!.Select((f, i) => Filter($"filter {i + 1}", f))),
            "The filters of the first layer of one network: blue is negative, red positive. Most are edges and strokes.");
        double last = Of(trained, 3, s => s.Right).Mean, pixels = Of(trained, 0, s => s.Right).Mean;
        lab.Check($"the nearest class mean is right on {pixels:P0} by pixels and on {last:P0} by layer 3", last - pixels, atLeast: 0.08);
        double second = Of(trained, 2, s => s.Right).Mean;
        lab.Check($"by layer 2 on {second:P0}", second, atLeast: pixels + 0.02, atMost: last + 0.03);
        lab.Check($"untrained, by layer 3 on {Of(random, 3, s => s.Right).Percent()}", last - Of(random, 3, s => s.Right).Mean,
            atLeast: 0.08);
        double steady = Of(trained, 3, s => s.Shifted).Mean / Of(trained, 0, s => s.Shifted).Mean;
        lab.Check($"a shift changes layer 3 {steady:0.00} times as much as the pixels", steady, atMost: 0.9);
    }

    private sealed record Seen(double Right, double Shifted, double[][,]? Filters);

    private static Seen[] Layers(LabContext lab, ulong seed, bool isTrained)
    {
        var (x, y) = DigitImages.Images(lab.Pick(full: 1500, reduced: 1200), seed);
        var (newX, newY) = DigitImages.Images(400, seed + 1);
        Generator.SetSeed(seed);
        Conv2d first = new(1, 8, 5, padding: 2, activation: new Relu()), second = new(8, 16, 3, padding: 1, activation: new Relu()),
            third = new(16, 32, 3, padding: 1, activation: new Relu());
        var network = new Sequential(
            first, new MaxPool2d(2), second, new MaxPool2d(2), third, new Flatten(), new Linear(32 * 9, DigitImages.Classes));
        if (isTrained)
        {
            var order = new Generator(seed);
            var labels = lab.Mutated("labels shuffled") ? y.IndexSelect(0, Tensor.RandPerm(y.Shape[0], generator: order)) : y;
            Descent.Run(new Adam(network.Parameters(), learningRate: 3e-3), lab.Steps(lab.Pick(full: 500, reduced: 400)), _ =>
            {
                var (images, classes) = Descent.Batch(x, labels, 64, order);
                return Loss.CrossEntropy(network.Forward(images), classes);
            });
        }

        using var quiet = Autograd.NoGrad();
        network.Eval();
        Func<Tensor, Tensor>[] layers =
        [
            images => images.Flatten(1),
            images => network[1].Forward(network[0].Forward(images)).Flatten(1),
            images => network[3].Forward(network[2].Forward(network[1].Forward(network[0].Forward(images)))).Flatten(1),
            images => Enumerable.Range(0, 6).Aggregate(images, (a, l) => network[l].Forward(a)),
        ];
        var shifted = newX.Roll(1, 3);
        return [.. layers.Select((layer, l) =>
        {
            Tensor features = layer(x), judged = layer(newX);
            var means = Tensor.Stack([.. Enumerable.Range(0, DigitImages.Classes).Select(c => Mean(features, y, c))]);
            double right = judged.Cdist(means).ArgMin(1).Equal(newY).To(DType.Float64).Mean().Item<double>();
            var spread = (judged - judged.Mean(0, keepDim: true)).Square().Sum(1).Sqrt();
            double change = ((layer(shifted) - judged).Square().Sum(1).Sqrt().Mean() / spread.Mean()).Item<float>();
            return new Seen(right, change,
                l == 1 ? [.. Enumerable.Range(0, 8).Select(f => first.Weight.Value[f, 0].To(DType.Float64).ToMatrix<double>())] : null);
        })];
    }

    private static Tensor Mean(Tensor features, Tensor labels, int digit)
    {
        var isDigit = labels.Equal(digit).To(DType.Float32);
        return isDigit.Unsqueeze(0).MatMul(features).Squeeze(0) / isDigit.Sum();
    }

    private static Plot Filter(string name, double[,] weights)
    {
        double most = weights.Cast<double>().Max(Math.Abs);
        double[] axis = Fit.Grid(1, weights.GetLength(0), weights.GetLength(0));
        return new Plot(name)
        {
            Width = 170, Height = 190, EqualAspect = true, ShowAxes = false, ZMin = -most, ZMax = most, ColorMap = ColorMap.Diverging,
        }.HeatMap(axis, axis, weights);
    }
}

using DeepNet.Labs.Kit;

namespace DeepNet.Labs.Architectures;

internal sealed class FiltersSee : Lab
{
    public override string Name => "filters-see";

    public override string Title => "Layer by layer a convolutional network turns strokes into digits";

    public override string Claim => """
        The filters of the first layer answer to short strokes of one direction, those of later layers to larger and more particular
        parts. What that is for can be measured: from layer to layer images of one digit come closer to each other, beside the distance
        between digits, until the nearest class mean is nearly always right. In a network that was not trained they do so less, and
        shifting an image changes the last layer less than it changes the pixels.
        """;

    public override IReadOnlyList<string> Mutations => ["untrained network", "labels shuffled"];

    public override void Run(LabContext lab)
    {
        var trained = lab.Seeds(full: 3).Select(seed => Layers(lab, seed, !lab.Mutated("untrained network"))).ToArray();
        var random = lab.Seeds(full: 3).Select(seed => Layers(lab, seed, false)).ToArray();
        string[] names = ["pixels", "layer 1", "layer 2", "layer 3"];
        Spread Of(Seen[][] runs, int layer, Func<Seen, double> of) => new(runs.Select(r => of(r[layer])));

        lab.Table(
            ["", "nearest class mean is right", "untrained", "change by a shift of one pixel"],
            names.Select((n, l) => (string[])[
                n, Of(trained, l, s => s.Right).Percent(), Of(random, l, s => s.Right).Percent(),
                    Of(trained, l, s => s.Shifted).Number()]));
        double[] axis = Fit.Grid(0, 3, 4);
        lab.Figure(
            new Plot("Right by the nearest class mean") { XLabel = "layer (0: the pixels)", YLabel = "share of new digits", YMax = 1.02 }
                .Spreads(axis, [.. axis.Select((_, l) => Of(trained, l, s => s.Right))], "trained", 0)
                .Spreads(axis, [.. axis.Select((_, l) => Of(random, l, s => s.Right))], "untrained", 1),
            "How far the classes have come apart at each layer.");
        lab.Figure(
            new PlotGrid(null, 4, trained[0][1].Filters!.Select((f, i) => Filter($"filter {i + 1}", f))),
            "The filters of the first layer of one network: blue is negative, red positive. Most are edges and strokes.");
        double last = Of(trained, 3, s => s.Right).Mean, pixels = Of(trained, 0, s => s.Right).Mean;
        lab.Check($"by pixels {pixels:P0} are right, by layer 3 {last:P0}", last - pixels, atLeast: 0.08);
        double second = Of(trained, 2, s => s.Right).Mean;
        lab.Check($"by layer 2 {second:P0}", second, atLeast: pixels + 0.02, atMost: last + 0.03);
        lab.Check($"untrained, layer 3 has {Of(random, 3, s => s.Right).Percent()}", last - Of(random, 3, s => s.Right).Mean,
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

using DeepNet.Labs.Kit;

namespace DeepNet.Labs.Generalisation;

/// <summary>Space is large in many dimensions.</summary>
internal sealed class CurseOfDimensions : Lab
{
    public override string Name => "dimensions";

    public override string Title => "The curse of dimensions";

    public override string Claim => """
        In many dimensions all points are about equally far from each other: the spread of distances relative to their mean falls as 1/√d.
        To have an example near every place takes a number that is multiplied with each dimension. So a classifier of a fixed number of
        examples gets better with the first features that tell something, and then worse with each that tells nothing: it fits the examples
        by them. What saves learning is that data fill few dimensions: on a plane within the large space distances keep their spread.
        """;

    public override IReadOnlyList<string> Mutations => ["data on a plane", "fifty times the examples"];

    private const double Near = 0.2;

    public override void Run(LabContext lab)
    {
        bool onPlane = lab.Mutated("data on a plane");
        int[] dimensions = [2, 4, 8, 16, 32, 64, 128, 256];
        double[] axis = [.. dimensions.Select(d => (double)d)];
        int count = lab.Pick(full: 600, reduced: 300);

        // 1. Distances between random points.
        var (spread, spreadOnPlane) = (new List<double>(), new List<double>());
        var histogram = new Plot("Distances between random points")
        {
            XLabel = "distance / mean distance", YLabel = "density", Width = 500, Legend = LegendPlace.Below,
        };
        foreach (int d in dimensions)
        {
            double[] distances = Distances(Points(lab, count, d, onPlane), Points(lab, count, d, onPlane));
            double mean = distances.Average();
            spread.Add(TensorStatistics.Of(distances).Std / mean);
            double[] flat = Distances(Points(lab, count, d, onPlane: true), Points(lab, count, d, onPlane: true));
            spreadOnPlane.Add(TensorStatistics.Of(flat).Std / flat.Average());
            if (d is 2 or 16 or 256) histogram.Histogram([.. distances.Select(r => r / mean)], 60, $"{d} dimensions", density: true);
        }
        double power = Fit.Power(axis, spread);

        // 2. How many examples it takes for the nearest one to be near, in the mean over places.
        int[] few = lab.Pick<int[]>(full: [1, 2, 3, 4, 5, 6], reduced: [1, 2, 3, 4, 5]);
        double[] needed = [.. few.Select(d => (double)Needed(lab, d, onPlane))],
            onPlaneNeeded = [.. few.Select(d => (double)Needed(lab, d, onPlane: true))];
        double factor = Math.Exp(Fit.Slope([.. few.Select(d => (double)d)], [.. needed.Select(n => Math.Log(n))]));

        lab.Figure(
            new PlotGrid(null, 2, histogram,
                new Plot("Spread of distances")
                {
                    XLabel = "dimensions d", YLabel = "standard deviation / mean", XScale = AxisScale.Log, YScale = AxisScale.Log,
                    Width = 500, Legend = LegendPlace.Below
                }
                    .Line(axis, spread, "points in a cube", markers: true)
                    .Line(axis, [.. axis.Select(d => spread[^1] * Math.Sqrt(axis[^1] / d))], "1/√d", LineStyle.Dashed)
                    .Line(axis, spreadOnPlane, "points on a plane in it", markers: true)),
            "In 256 dimensions no point is much nearer than any other, and “nearest neighbour” loses its meaning.");
        double[] fewAxis = [.. few.Select(d => (double)d)];
        lab.Figure(
            new Plot($"Examples needed for one within {Near} of a random place")
            {
                XLabel = "dimensions d", YLabel = "examples", YScale = AxisScale.Log, Legend = LegendPlace.TopLeft,
            }
                .Line(fewAxis, needed, "in a cube of side 1", markers: true)
                .Line(fewAxis, onPlaneNeeded, "on a plane in it", markers: true),
            "Each dimension multiplies the number of examples.");
        lab.Check($"the spread of distances falls as d to the power {power:0.00}", power, atLeast: -0.55, atMost: -0.45);
        lab.Check($"each dimension multiplies the examples needed by {factor:0.0}", factor, atLeast: 2.5);
        MoreAndMoreFeatures(lab);
    }

    /// <summary>A linear classifier of forty examples of two classes, shown the first d of 256 features.</summary>
    private static void MoreAndMoreFeatures(LabContext lab)
    {
        const int most = 256;
        int count = lab.Mutated("fifty times the examples") ? 2000 : 40;
        int[] shown = lab.Pick<int[]>([1, 2, 4, 8, 16, 32, 64, 128, most], [1, 4, 32, most]);
        var seeds = lab.Seeds(full: 10, reduced: 4);
        double[] informative = [0.8, 0.7, 0.6, 0.5];           // half the distance of the classes in each feature; the others tell nothing
        Spread[] train = new Spread[shown.Length], test = new Spread[shown.Length];
        for (int k = 0; k < shown.Length; k++)
        {
            var ends = seeds.Select(seed =>
            {
                using var scope = Memory.Scope();
                var (x, y) = Examples(count, seed);
                var (newX, newY) = Examples(1000, seed + 1);
                Generator.SetSeed(seed);
                var model = new Linear(shown[k], 2);
                Descent.Run(
                    new Adam(model.Parameters(), learningRate: 0.05), lab.Steps(lab.Pick(full: 300, reduced: 200)),
                    () => Loss.CrossEntropy(model.Forward(x[.., ..shown[k]]), y));
                return (Train: Networks.Accuracy(model, x[.., ..shown[k]], y), Test: Networks.Accuracy(model, newX[.., ..shown[k]], newY));
            }).ToArray();
            (train[k], test[k]) = (new(ends.Select(e => e.Train)), new(ends.Select(e => e.Test)));
        }
        double[] axis = [.. shown.Select(d => (double)d)];
        lab.Figure(
            new Plot("More and more features")
            {
                XLabel = "features shown (four tell something)", YLabel = "accuracy", XScale = AxisScale.Log, YMin = 0.4, YMax = 1.02,
                Legend = LegendPlace.Below,
            }
                .Spreads(axis, train, $"on the {count} examples", color: 0).Spreads(axis, test, "on new ones", color: 1),
            $"A linear classifier, {seeds.Count} times; the bands reach from the least to the greatest.");
        int best = Array.IndexOf(test, test.MaxBy(t => t.Mean));
        lab.Check(
            $"from 1 feature to {shown[best]} the accuracy on new examples rises from {test[0].Percent()} to {test[best].Percent()}",
            test[best].Mean - test[0].Mean, atLeast: 0.04);
        lab.Check($"with {most} it is {test[^1].Percent()}", test[best].Mean - test[^1].Mean, atLeast: 0.1);
        lab.Check($"and on the examples {train[^1].Percent()}", train[^1].Mean, atLeast: 0.999);

        (Tensor X, Tensor Y) Examples(int n, ulong seed)
        {
            var generator = new Generator(seed);
            var y = Tensor.RandInt(0, 2, new Shape(n), generator: generator);
            var shift = Tensor.Zeros(new Shape(1, most));
            for (int f = 0; f < informative.Length; f++) shift[0, f] = (float)informative[f];
            return (Tensor.Randn(new Shape(n, most), generator: generator) + (2 * y.To(DType.Float32) - 1).Unsqueeze(1) * shift, y);
        }
    }

    /// <summary>Random points in a cube of side 1; or on a plane of two of its dimensions, laid askew.</summary>
    private static Tensor Points(LabContext lab, int count, int d, bool onPlane)
    {
        if (!onPlane || d < 2) return Tensor.Rand(new Shape(count, d), generator: lab.Random);
        // Two directions at right angles, of length 1.
        var directions = Init.Orthogonal(Tensor.Empty(new Shape(2, d)), generator: new Generator(lab.Seed));
        return Tensor.Rand(new Shape(count, 2), generator: lab.Random).MatMul(directions);
    }

    private static double[] Distances(Tensor a, Tensor b) => SquaredDistances(a, b).Sqrt().Reshape(-1).ToArray<double>();

    /// <summary>|a − b|² = |a|² + |b|² − 2ab, for all pairs.</summary>
    private static Tensor SquaredDistances(Tensor a, Tensor b)
        => (a.Square().Sum(1, keepDim: true) + b.Square().Sum(1).Unsqueeze(0) - 2 * a.MatMul(b.T)).Clamp(min: 0);

    /// <summary>
    /// The smallest number, among doublings, of examples whose nearest is within <see cref="Near"/> in the mean; interpolated between the
    /// last two.
    /// </summary>
    private static double Needed(LabContext lab, int d, bool onPlane)
    {
        var places = Points(lab, 200, d, onPlane);
        double last = double.NaN;
        for (int count = 1; ; count *= 2)
        {
            using var scope = Memory.Scope();
            double nearest = SquaredDistances(places, Points(lab, count, d, onPlane)).Min(1).Sqrt().Mean().Item();
            if (nearest <= Near)
                return double.IsNaN(last) ? count : count / 2 * Math.Pow(2, Math.Log(last / Near) / Math.Log(last / nearest));
            last = nearest;
        }
    }
}

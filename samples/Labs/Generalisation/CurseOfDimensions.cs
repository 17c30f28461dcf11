using DeepNet.Labs.Kit;

namespace DeepNet.Labs.Generalisation;

/// <summary>Space is large in many dimensions.</summary>
internal sealed class CurseOfDimensions : Lab
{
    public override string Name => "dimensions";

    public override string Title => "The curse of dimensionality";

    public override string Claim => """
        In many dimensions all points are about equally far from each other: the spread of distances relative to their mean falls as 1/√d.
        The number of examples that it takes to have one near every place is multiplied with each dimension. So a classifier with a fixed
        number of examples gets better with the first, informative features, and then worse with each that tells nothing, because it fits
        the examples by those. What saves learning is that data fill few dimensions: on a plane within the large space distances keep their
        spread.
        """;

    public override string Question => "With 40 examples, does a classifier get better with every feature that it is given?";

    public override Guess Guess => new(
        [
            "Yes, a feature that tells nothing just gets the weight 0",
            "No, it gets better with informative ones and then worse, since it over-fits by the others",
            "No, more features are always worse",
            "It makes no difference",
        ],
        Right: 1);

    public override string Explanation => """
        The squared distance of two random points is a sum over the dimensions,
        $|\mathbf{a} - \mathbf{b}|^2 = \sum_{i=1}^{d} (a_i - b_i)^2$. Its mean grows as $d$ and its standard deviation as $\sqrt{d}$, so the
        relative spread of squared distances, and of distances too, falls as $\frac{1}{\sqrt{d}}$. In 256 dimensions the nearest neighbour
        is hardly nearer than the farthest point.

        A ball of radius $r$ takes a share of the cube's volume that is proportional to $r^d$, so the number of examples needed to have one
        within $r$ grows like $\left( \frac{c}{r} \right)^d$: exponentially. A method that predicts from nearby examples therefore needs
        data that nobody has, unless the data lie near a surface of few dimensions, the effective dimension in place of the nominal one.

        With $n$ examples and $d \ge n - 1$ features a linear classifier can separate any labels whatever. Each useless feature correlates
        with the labels of the sample by chance, by about $\frac{1}{\sqrt{n}}$, and the fit uses it. With four informative features out of
        256 these chance correlations together outweigh the real ones. More examples, a penalty on the weights, or fewer features help; the
        claim is about a fixed number of examples and an unregularised fit.
        """;

    public override string Falsified => """
        A relative spread of distances that does not fall as the square root of the dimension, or an accuracy on new examples that does not
        fall when useless features are added.
        """;

    public override IReadOnlyList<string> Next => ["fewer-features", "l1-l2", "early-stopping"];

    public override void Example(TextWriter output)
    {
        Generator.SetSeed(1);
        foreach (int d in new[] { 2, 16, 256 })
        {
            var distances = Tensor.Rand(200, d).Cdist(Tensor.Rand(200, d));
            double spread = (distances.Std() / distances.Mean()).Item();
            output.WriteLine($"{d} dimensions: spread of distances / mean {spread:0.000}, nearest / farthest {Ratio(distances):0.00}");
        }
        static double Ratio(Tensor distances) => (distances.Min(1) / distances.Max(1)).Mean().Item();

        // Forty examples of two classes; the first four features are informative, the others are noise.
        var y = Tensor.RandInt(0, 2, new Shape(1040));
        var x = Tensor.Randn(1040, 128);
        x[.., ..4] += 0.6 * (2 * y.To(DType.Float32) - 1).Unsqueeze(1);
        foreach (int features in new[] { 1, 4, 128 })
        {
            var (model, shown) = (new Linear(features, 2), x[.., ..features]);
            var optimizer = new Adam(model.Parameters(), learningRate: 0.05);
            for (int step = 0; step < 150; step++)
            {
                using var scope = Memory.Scope();
                optimizer.ZeroGrad();
                Loss.CrossEntropy(model.Forward(shown[..40]), y[..40]).Backward();
                optimizer.Step();
            }
            double accuracy = model.Forward(shown[40..]).ArgMax(1).Equal(y[40..]).To(DType.Float32).Mean().Item();
            output.WriteLine($"number of features {features}: accuracy {accuracy:P0} on new examples");
        }
    }

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
            "In 256 dimensions no point is much nearer than any other, and “nearest neighbour” means little.");
        double[] fewAxis = [.. few.Select(d => (double)d)];
        lab.Figure(
            new Plot($"Examples needed for one within {Near} of a random place")
            {
                XLabel = "dimensions d", YLabel = "examples", YScale = AxisScale.Log, Legend = LegendPlace.TopLeft,
            }
                .Line(fewAxis, needed, "in a cube of side 1", markers: true)
                .Line(fewAxis, onPlaneNeeded, "on a plane in it", markers: true),
            "Each further dimension multiplies the number of examples.");
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
                XLabel = "features (the first four are informative)", YLabel = "accuracy", XScale = AxisScale.Log, YMin = 0.4, YMax = 1.02,
                Legend = LegendPlace.Below,
            }
                .Spreads(axis, train, $"on the {count} training examples", color: 0).Spreads(axis, test, "on new examples", color: 1),
            $"A linear classifier, {seeds.Count} times; the bands reach from the smallest to the largest.");
        int best = Array.IndexOf(test, test.MaxBy(t => t.Mean));
        lab.Check(
            $"from 1 feature to {shown[best]} the accuracy on new examples rises from {test[0].Percent()} to {test[best].Percent()}",
            test[best].Mean - test[0].Mean, atLeast: 0.04);
        lab.Check($"with {most} features it is {test[^1].Percent()}", test[best].Mean - test[^1].Mean, atLeast: 0.1);
        lab.Check($"and on the training examples {train[^1].Percent()}", train[^1].Mean, atLeast: 0.999);

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

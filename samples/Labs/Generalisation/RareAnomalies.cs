using DeepNet.Labs.Kit;
using DeepNet.Training;

namespace DeepNet.Labs.Generalisation;

/// <summary>A rare class found by what the normal one looks like.</summary>
internal sealed class RareAnomalies : Lab
{
    public override string Name => "rare-anomalies";

    public override string Title => "What is rare and of many kinds is found by knowing what is normal";

    public override string Claim => """
        Threes are normal, any other digit is an anomaly. A classifier with five anomalies knows only these few kinds, and weighing them
        does not help: many of the others pass as normal. A detector that was never shown an anomaly, and asks how badly the principal
        components of the threes describe an image, ranks more than nine tenths of all pairs of an anomaly and a three rightly. With
        hundreds of anomalies of all kinds the classifier is the better one.
        """;

    public override string Question => "Five examples of faults and three hundred of good parts: train a classifier of the two?";

    public override Guess? Guess => new(
        [
            "Yes, with the five weighted as much as the three hundred",
            "No: describe the good parts, and call a fault what does not fit",
            "It makes no difference",
        ],
        Right: 1);

    public override string Explanation => """
        A classifier learns a border between two sets of examples. Five anomalies fix it near these five; on the far side of the other
        directions nothing was ever seen, and the border lies there by chance. Class weights or over-sampling change how much the five
        count, not how many kinds they are.

        The detector models the normal examples alone. Principal components span the $k$ directions $V$ in which they vary, with the mean
        $\mathbf{m}$; what is left of an image after projection, $e(\mathbf{x}) = |(\mathbf{x} - \mathbf{m}) - V V^T (\mathbf{x} -
        \mathbf{m})|$, is small for everything that is like them and large for everything else, of whatever kind. An autoencoder or a
        density does the same with curved sets.

        The quality is the probability that a random anomaly gets a higher score than a random normal example, the area under the ROC curve:
        it needs no threshold and does not depend on how rare anomalies are. Which way is better depends on the count and the kinds:
        if all anomalies are alike, or enough of each kind are known, labels are worth more than a description of the normal.
        """;

    public override string Falsified => """
        A classifier of few anomalies that ranks new kinds as well as the detector, or one that does not catch up with hundreds of them.
        """;

    public override IReadOnlyList<string> Next => ["imbalance", "fewer-features", "mismatch"];

    public override void Example(TextWriter output)
    {
        // Normal points lie near a plane in ten dimensions, anomalies anywhere.
        Generator.SetSeed(1);
        var plane = Tensor.Randn(2, 10);
        Tensor Normal(int count) => Tensor.Randn(count, 2).MatMul(plane) + 0.1 * Tensor.Randn(count, 10);
        var pca = Pca.Fit(Normal(300), components: 2);
        double[] Scores(Tensor x) => (pca.Inverse(pca.Transform(x)) - x).Square().Sum(1).Sqrt().To(DType.Float64).ToArray<double>();
        double[] normal = Scores(Normal(200)), anomalies = Scores(Tensor.Randn(200, 10));
        double threshold = normal.Order().ElementAt(197);
        output.WriteLine($"{normal.Count(s => s > threshold)} of 200 normal points and "
            + $"{anomalies.Count(s => s > threshold)} of 200 anomalies lie above the threshold");
    }

    public override IReadOnlyList<string> Mutations => ["anomalies all of one kind", "detector described by everything"];

    private const long Usual = 3;
    private const int Components = 20;

    public override void Run(LabContext lab)
    {
        int[] counts = lab.Pick<int[]>([2, 5, 10, 30, 100, 500], [5, 300]);
        var seeds = lab.Seeds(full: 4, reduced: 2);
        var trials = seeds.Select(seed => Trial(lab, seed, counts)).ToArray();
        Spread detector = new(trials.Select(t => t.Detector));
        Spread[] classifier = [.. counts.Select((_, i) => new Spread(trials.Select(t => t.Classifier[i])))];
        int few = Array.IndexOf(counts, 5);
        lab.Table(
            ["", "anomalies shown", "pairs ranked rightly"],
            [["detector", "0", detector.Percent("0.0")],
                .. counts.Select((c, i) => (string[])["classifier", $"{c}", classifier[i].Percent("0.0")])]);
        double[] axis = [.. counts.Select(c => (double)c)];
        lab.Figure(
            new Plot("Pairs of an anomaly and a normal digit that are ranked rightly")
            {
                XLabel = "anomalies shown to the classifier", YLabel = "share of pairs", XScale = AxisScale.Log, Width = 640,
                Legend = LegendPlace.BottomRight,
            }
                .Spreads(axis, classifier, "classifier", 0)
                .Spreads([axis[0], axis[^1]], [detector, detector], "detector, shown none", 1, LineStyle.Dashed),
            $"{seeds.Count} seeds; bands from the least to the greatest.");
        lab.Check($"the detector ranks {detector.Percent("0.0")} of the pairs rightly", detector.Mean, atLeast: 0.9);
        lab.Check($"the classifier of 5 anomalies {classifier[few].Percent("0.0")}", detector.Mean - classifier[few].Mean, atLeast: 0.05);
        lab.Check($"that of {counts[^1]} {classifier[^1].Percent("0.0")}", classifier[^1].Mean - detector.Mean, atLeast: 0);
    }

    private sealed record Outcome(double Detector, double[] Classifier);

    private static Outcome Trial(LabContext lab, ulong seed, int[] counts)
    {
        SmallDigits all = SmallDigits.Make(lab.Pick(full: 3000, reduced: 1500), seed), test = SmallDigits.Make(1000, seed + 20);
        // With one kind alone, every anomaly that is shown or asked about is an eight.
        bool isOneKind = lab.Mutated("anomalies all of one kind");
        bool IsAnomaly(long label) => isOneKind ? label == 8 : label != Usual;
        Tensor normal = Of(all, label => label == Usual), anomalies = Of(all, IsAnomaly);
        Tensor asked = Tensor.Cat([Of(test, IsAnomaly), Of(test, label => label == Usual)], 0);
        int positives = asked.Shape[0] - Of(test, label => label == Usual).Shape[0];
        bool[] isAnomaly = [.. Enumerable.Range(0, asked.Shape[0]).Select(i => i < positives)];
        double Ranked(Tensor scores) => RocCurve.Of(scores.Reshape(-1).To(DType.Float64).ToArray<double>(), isAnomaly).Area;

        var pca = Pca.Fit(lab.Mutated("detector described by everything") ? all.X : normal, components: Components);
        double detector = Ranked((pca.Inverse(pca.Transform(asked)) - asked).Square().Sum(1).Sqrt());
        var order = Tensor.RandPerm(anomalies.Shape[0], generator: new Generator(seed + 3));
        return new(detector, [.. counts.Select(count =>
        {
            var known = anomalies.IndexSelect(0, order.Narrow(0, 0, Math.Min(count, anomalies.Shape[0])));
            Tensor x = Tensor.Cat([known, normal], 0),
                y = Tensor.Cat([Tensor.Ones(new Shape(known.Shape[0], 1)), Tensor.Zeros(new Shape(normal.Shape[0], 1))], 0);
            Generator.SetSeed(seed + 1);
            var model = Networks.Mlp([SmallDigits.Pixels, 32, 1], () => new Relu());
            // The few weigh as much as the many.
            var weight = Tensor.From<float>(normal.Shape[0] / (float)known.Shape[0]);
            Descent.Run(
                new Adam(model.Parameters(), learningRate: 5e-3), lab.Steps(60),
                () => Loss.BceWithLogits(model.Forward(x), y, positiveWeight: weight));
            return Ranked(Evaluate.Output(model, asked));
        })]);
    }

    private static Tensor Of(SmallDigits digits, Func<long, bool> isWanted)
        => digits.X.IndexSelect(
            0, Tensor.From<int>([.. digits.Y.ToArray<long>().Index().Where(p => isWanted(p.Item)).Select(p => p.Index)]));
}

using DeepNet.Data.Sampling;
using DeepNet.Labs.Kit;
using DeepNet.Training;

namespace DeepNet.Labs.Generalisation;

/// <summary>One class is rare.</summary>
internal sealed class ImbalancedClasses : Lab
{
    public override string Name => "imbalance";

    public override string Title => "Imbalanced classes: sampling, weights and thresholds";

    public override string Claim => """
        Where one example in twenty is positive, a model that is right most of the time misses most positives. Showing them more often,
        showing others less often, weighing them, or lowering the threshold finds them; and all four do the same: they shift the log-odds by
        the logarithm of the imbalance. None ranks the examples better. The threshold of the best F1 is half of that F1, so the rarer the
        class, the lower it lies.
        """;

    public override IReadOnlyList<string> Mutations => ["balanced classes", "weight of 1", "threshold left at one half"];

    public override void Run(LabContext lab)
    {
        double share = lab.Mutated("balanced classes") ? 0.5 : 0.05;
        var train = Examples(lab.Pick(full: 6000, reduced: 4000), share, seed: lab.Seed);
        var test = Examples(lab.Pick(full: 20_000, reduced: 10_000), share, seed: lab.Seed + 1);
        double imbalance = (1 - share) / share;

        var plain = Train(lab, train);
        (string Name, Linear Model, double Shift)[] ways =
        [
            ("as it is", plain, 0),
            ("over-sampling", Train(lab, Balanced(train, Balance.Over, lab.Seed)), 0),
            ("under-sampling", Train(lab, Balanced(train, Balance.Under, lab.Seed)), 0),
            ("class weights", Train(lab, train, lab.Mutated("weight of 1") ? 1 : imbalance), 0),
            ("threshold moved", plain, Math.Log(imbalance)),
        ];
        var rows = new List<string[]>();
        var (recalls, precisions, shifts) = (new List<double>(), new List<double>(), new List<double>());
        foreach (var (name, model, shift) in ways)
        {
            double[] logits = [.. Evaluate.Output(model, test.X).ToArray().Select(z => z + shift)];
            bool[] positive = [.. test.Y.ToArray().Select(y => y == 1)];
            double hits = logits.Zip(positive, (z, p) => z > 0 && p ? 1.0 : 0).Sum();
            recalls.Add(hits / positive.Count(p => p));
            precisions.Add(hits / logits.Count(z => z > 0));
            shifts.Add(model.Bias!.Value.Item() + shift - plain.Bias!.Value.Item());
            double accuracy = logits.Zip(positive, (z, p) => z > 0 == p ? 1.0 : 0).Average();
            double ranking = PrecisionRecallCurve.Of(logits, positive).AveragePrecision;
            rows.Add([name, $"{accuracy:P1}", $"{recalls[^1]:P0}", $"{precisions[^1]:P0}", $"{shifts[^1]:0.00}", $"{ranking:0.000}"]);
        }
        lab.Table(["training", "accuracy", "positives found", "alarms that are right", "shift of log-odds", "average precision"], rows);

        ShowThresholds(lab, plain, test);

        // How the best threshold for F1 moves with the share of positives.
        double[] shares = [0.01, 0.02, 0.05, 0.1, 0.2, 0.35, 0.5];
        var (thresholds, halves) = (new List<double>(), new List<double>());
        var curves = new Plot("Precision and recall")
        {
            XLabel = "recall", YLabel = "precision", YMin = 0, YMax = 1, Width = 500, Legend = LegendPlace.Below,
        };
        foreach (double s in shares)
        {
            var examples = Examples(lab.Pick(full: 60_000, reduced: 30_000), s, seed: lab.Seed + 2);
            var curve = PrecisionRecallCurve.Of([.. Probability(examples.X, s)], [.. examples.Y.ToArray().Select(y => y == 1)]);
            thresholds.Add(lab.Mutated("threshold left at one half") ? 0.5 : curve.BestThreshold);
            halves.Add(curve.BestF1 / 2);
            if (s is 0.01 or 0.05 or 0.2 or 0.5) curves.Line(curve.Recall, curve.Precision, $"{s:P0} positive");
        }
        lab.Figure(
            new PlotGrid(null, 2, curves,
                new Plot("Threshold of the best F1")
                {
                    XLabel = "share of positives", YLabel = "probability", YMin = 0, YMax = 0.6, Width = 500, Legend = LegendPlace.Below,
                }
                    .Line(shares, thresholds, "threshold of the best F1", markers: true)
                    .Line(shares, halves, "half of the best F1", LineStyle.Dashed).HorizontalLine(0.5, "one half")),
            "The same two clouds at every share, asked for the true probability: only how many are positive changes.");
        lab.Check($"left as it is, the model finds {recalls[0]:P0} of the positives", recalls[0], atMost: 0.4);
        lab.Check($"the four remedies {recalls[1..].Min():P0} to {recalls[1..].Max():P0}", recalls[1..].Min(), atLeast: 0.7);
        lab.Check(
            $"they shift the log-odds by {shifts[1..].Min():0.0} to {shifts[1..].Max():0.0}, and ln {imbalance:0} is "
                + $"{Math.Log(imbalance):0.0}",
            shifts[1..].Max(s => Math.Abs(s - Math.Log(imbalance))), atMost: 0.5);
        double apart = thresholds.Zip(halves, (t, h) => Math.Abs(t - h)).Max();
        lab.Check($"the best thresholds are half the best F1 within {apart:0.00}", apart, atMost: 0.06);
    }

    /// <summary>Two round clouds whose centres are two apart; the second is positive and rare.</summary>
    private static (Tensor X, Tensor Y) Examples(int count, double share, ulong seed)
    {
        var generator = new Generator(seed);
        var y = Tensor.Bernoulli(new Shape(count, 1), share, generator: generator);
        return (Tensor.Randn(new Shape(count, 2), generator: generator) + Tensor.From<float>(2, 0) * y, y);
    }

    /// <summary>Bayes' rule for these clouds.</summary>
    private static IEnumerable<double> Probability(Tensor x, double share)
        => x[.., 0].ToArray().Select(a => 1 / (1 + (1 - share) / share * Math.Exp(2 - 2 * a)));

    private static (Tensor X, Tensor Y) Balanced((Tensor X, Tensor Y) train, Balance balance, ulong seed)
    {
        int[] chosen = new BalancedSampler([.. train.Y.ToArray().Select(y => (int)y)], balance).Draw(DrawKey.FromSeed(seed));
        var places = Tensor.From<int>(chosen);
        return (train.X.IndexSelect(0, places), train.Y.IndexSelect(0, places));
    }

    private static Linear Train(LabContext lab, (Tensor X, Tensor Y) train, double weight = 1)
    {
        var model = new Linear(2, 1);
        Descent.Run(
            new Adam(model.Parameters(), learningRate: 0.1), lab.Steps(400), ()
                => Loss.BceWithLogits(model.Forward(train.X), train.Y, positiveWeight: Tensor.From<float>((float)weight)));
        return model;
    }

    /// <summary>What each threshold finds and misses: a place on the curve, and a confusion matrix.</summary>
    private static void ShowThresholds(LabContext lab, Linear model, (Tensor X, Tensor Y) test)
    {
        double[] thresholds = [0.02, 0.05, 0.1, 0.15, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9];
        double[] scores = [.. Evaluate.Output(model, test.X).Sigmoid().ToArray().Select(p => (double)p)];
        bool[] positive = [.. test.Y.ToArray().Select(y => y == 1)];
        var curve = PrecisionRecallCurve.Of(scores, positive);
        lab.Sliders(
            [new("threshold", [.. thresholds.Select(t => $"{t:0.00}")], Start: 7)],
            at =>
            {
                double[,] counts = new double[2, 2];
                for (int i = 0; i < scores.Length; i++) counts[positive[i] ? 1 : 0, scores[i] > thresholds[at[0]] ? 1 : 0]++;
                double found = counts[1, 1] + counts[1, 0], alarms = Math.Max(counts[1, 1] + counts[0, 1], 1);
                return new PlotGrid(null, 2,
                    new Plot("Place on the curve")
                    {
                        XLabel = "recall", YLabel = "precision", YMin = 0, YMax = 1, Width = 420, Height = 340,
                    }
                        .Line(curve.Recall, curve.Precision, color: 0)
                        .Scatter([counts[1, 1] / found], [counts[1, 1] / alarms], color: 1, size: 12),
                    new Plot("Confusion matrix")
                    {
                        XLabel = "answered", YLabel = "true", ZScale = AxisScale.Log, ZMin = 1, ZMax = scores.Length, Width = 400,
                        Height = 340,
                    }
                        .HeatMap(counts, ["negative", "positive"], ["negative", "positive"], showValues: true));
            },
            "The model as it is, asked at another threshold: what it gains in recall it loses in precision.");
    }
}

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
        Where one example in twenty is positive, a model with a high accuracy misses most positives. Over-sampling, under-sampling, class
        weights or a lower threshold find them, and all four do the same: they shift the log-odds by the logarithm of the imbalance. None
        ranks the examples better. The threshold with the best F1 is half of that F1, so the rarer the class, the lower it lies.
        """;

    public override string Question => "One example in twenty is positive. Which remedy makes the model distinguish the classes better?";

    public override Guess Guess => new(
        [
            "Over-sampling, since the model sees more positives",
            "Class weights, since they change the loss itself",
            "Under-sampling, since it removes the surplus",
            "None: all of them only move the decision threshold",
        ],
        Right: 3);

    public override string Explanation => """
        By Bayes' rule the log-odds of the positive class are
        $\log \frac{p(1 | \mathbf{x})}{p(0 | \mathbf{x})} = \log \frac{p(\mathbf{x} | 1)}{p(\mathbf{x} | 0)} + \log \frac{\pi}{1 - \pi}$
        with the share $\pi$ of positives. The first term says what the example looks like, the second how frequent the class is. At
        $\pi = 0.05$ the second is $-\log 19 \approx -2.9$, and an example needs strong evidence to get above probability $\frac{1}{2}$.

        Balancing the sample or weighting positives by $\frac{1 - \pi}{\pi}$ removes the second term, that is, adds $\log 19$ to the bias;
        lowering the threshold to $\pi$ does the same without training. The first term, and with it the order of the examples, stays. So
        recall rises and precision falls along one and the same curve. Under-sampling also throws data away.

        $F_1 = \frac{2 P R}{P + R}$ is largest where an example just above the threshold neither raises nor lowers it. With $h$ hits, $a$
        alarms and $n$ positives $F_1 = \frac{2 h}{a + n}$; one more alarm of probability $p$ helps if
        $\frac{2 (h + p)}{a + 1 + n} \ge F_1$, hence if $p \ge \frac{F_1}{2}$. All this holds for a model that can express the log-odds and
        is calibrated; a weak model may use its capacity differently under weights.
        """;

    public override string Falsified => """
        A remedy that shifts the log-odds by something else than the logarithm of the imbalance or raises the average precision; or a best
        threshold that is not half of the best F1.
        """;

    public override IReadOnlyList<string> Next => ["cross-entropy", "model-choice", "noisy-labels"];

    public override void Example(TextWriter output)
    {
        Generator.SetSeed(1);
        (Tensor X, Tensor Y) Examples(int count)
        {
            var y = Tensor.Bernoulli(new Shape(count, 1), 0.05);
            return (Tensor.Randn(count, 2) + Tensor.From<float>(2, 0) * y, y);
        }
        var (train, test) = (Examples(4000), Examples(5000));
        foreach (double weight in new[] { 1.0, 19.0 })
        {
            var model = new Linear(2, 1);
            var optimizer = new Adam(model.Parameters(), learningRate: 0.2);
            for (int step = 0; step < 100; step++)
            {
                using var scope = Memory.Scope();
                optimizer.ZeroGrad();
                Loss.BceWithLogits(model.Forward(train.X), train.Y, positiveWeight: Tensor.From((float)weight)).Backward();
                optimizer.Step();
            }
            double[] logits = [.. model.Forward(test.X).ToArray().Select(z => (double)z)];
            bool[] isPositive = [.. test.Y.ToArray().Select(y => y == 1)];
            double recall = logits.Zip(isPositive).Count(e => e.First > 0 && e.Second) / (double)isPositive.Count(p => p);
            double ranking = PrecisionRecallCurve.Of(logits, isPositive).AveragePrecision;
            double bias = model.Bias!.Value.Item();
            output.WriteLine($"weight {weight}: bias {bias:0.0}, recall {recall:P0}, average precision {ranking:0.000}");
        }
    }

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
            ("unchanged", plain, 0),
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
        lab.Table(["training", "accuracy", "recall", "precision", "shift of log-odds", "average precision"], rows);

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
            "The same two clouds of points and their true probabilities at every share: only the number of positives changes.");
        lab.Check($"unchanged, the model finds {recalls[0]:P0} of the positives", recalls[0], atMost: 0.4);
        lab.Check($"with the four remedies it finds {recalls[1..].Min():P0} to {recalls[1..].Max():P0}", recalls[1..].Min(), atLeast: 0.7);
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

    /// <summary>Draws the findings and misses of each threshold: its place on the curve, and its confusion matrix.</summary>
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

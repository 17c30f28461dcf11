namespace DeepNet.Training.Tests.Metrics;

/// <summary>Metrics against their definitions, counted out one example at a time.</summary>
public class MetricTests
{
    private const int Count = 97, Classes = 4;

    private static readonly float[] Outputs = Numbers(Count * Classes, 1);
    private static readonly long[] Truth = [.. Enumerable.Range(0, Count).Select(i => (long)(i * i % 7 % 3))];      // class 3 is never true

    public static TheoryData<string> Names => [.. All().Keys];

    private static Dictionary<string, Func<Metric>> All() => new()
    {
        ["accuracy"] = () => new Accuracy(),
        ["confusion_accuracy"] = () => new ConfusionMatrix(),
        ["precision"] = () => new Precision(),
        ["recall_weighted"] = () => new Recall(Averaging.Weighted),
        ["f1_micro"] = () => new FBeta(1, Averaging.Micro),
        ["f0.5_macro"] = () => new FBeta(0.5, Averaging.Macro),
        ["top2"] = () => new TopK(2),
        ["mae"] = () => new MeanAbsoluteError(),
        ["rmse"] = () => new RootMeanSquaredError(),
        ["r2"] = () => new R2(),
        ["auc"] = () => new RocAuc(),
        ["average_precision"] = () => new AveragePrecision(),
        ["auc_macro"] = () => new RocAuc(Averaging.Macro),
        ["average_precision_micro"] = () => new AveragePrecision(Averaging.Micro, fromLogits: false),
        ["log_loss"] = () => new LogLoss(),
        ["brier"] = () => new BrierScore(),
    };

    [Theory]
    [MemberData(nameof(Names))]
    public void Cuts_between_batches_change_no_bit_and_reset_forgets(string name)
    {
        var metric = All()[name]();
        Assert.Equal(name, metric.Name);
        Assert.True(double.IsNaN(metric.Value), "before the first batch");
        bool paired = metric is MeanAbsoluteError or RootMeanSquaredError or R2, two = name is "auc" or "average_precision";
        var output = paired || !two
            ? Tensor.From<float>(Outputs, new Shape(Count, Classes))
            : Tensor.From<float>(Outputs.AsSpan(0, Count), new Shape(Count, 1));
        var target = paired
            ? Tensor.From<float>(Numbers(Count * Classes, 5), new Shape(Count, Classes))
            : Tensor.From<long>(two ? [.. Truth.Select(t => t % 2)] : Truth, new Shape(Count));
        metric.Update(output, target);
        double whole = metric.Value;
        Assert.True(double.IsFinite(whole));
        foreach (int cut in (int[])[1, 10, 96])
        {
            metric.Reset();
            Assert.True(double.IsNaN(metric.Value));
            for (int at = 0; at < Count; at += cut)
            {
                int end = Math.Min(Count, at + cut);
                metric.Update(output[at..end], target[at..end]);
            }
            Assert.Equal(BitConverter.DoubleToInt64Bits(whole), BitConverter.DoubleToInt64Bits(metric.Value));
        }
    }

    [Fact]
    public void Precision_recall_and_f_by_their_definitions()
    {
        var matrix = new ConfusionMatrix();
        matrix.Update(Tensor.From<float>(Outputs, new Shape(Count, Classes)), Tensor.From<long>(Truth, new Shape(Count)));
        long[] said = [.. Enumerable.Range(0, Count).Select(i => (long)Enumerable.Range(0, Classes).MaxBy(c => Outputs[i * Classes + c]))];
        double sumP = 0, sumR = 0, sumF = 0, weightedP = 0;
        for (int c = 0; c < Classes; c++)
        {
            int hits = Enumerable.Range(0, Count).Count(i => said[i] == c && Truth[i] == c), saidC = said.Count(s => s == c),
                trueC = Truth.Count(t => t == c);
            double p = saidC == 0 ? 0 : (double)hits / saidC, r = trueC == 0 ? 0 : (double)hits / trueC,
                f = p + r == 0 ? 0 : 5 * p * r / (4 * p + r);
            Assert.Equal(p, matrix.Precision(c), 1e-12);
            Assert.Equal(r, matrix.Recall(c), 1e-12);
            Assert.Equal(f, matrix.FBeta(c, 2), 1e-12);
            for (int other = 0; other < Classes; other++)
                Assert.Equal(Enumerable.Range(0, Count).Count(i => Truth[i] == c && said[i] == other), matrix[c, other]);
            (sumP, sumR, sumF, weightedP) = (sumP + p, sumR + r, sumF + f, weightedP + p * trueC);
        }
        Assert.Equal(sumP / Classes, matrix.Precision(Averaging.Macro), 1e-12);
        Assert.Equal(sumR / Classes, matrix.Recall(Averaging.Macro), 1e-12);
        Assert.Equal(sumF / Classes, matrix.FBeta(Averaging.Macro, 2), 1e-12);
        Assert.Equal(weightedP / Count, matrix.Precision(Averaging.Weighted), 1e-12);
        Assert.Equal(matrix.Value, matrix.Recall(Averaging.Weighted), 1e-12);
        Assert.Equal(matrix.Value, matrix.FBeta(Averaging.Micro), 1e-12);
    }

    [Fact]
    public void Two_classes_by_hand()
    {
        // said 1 1 1 0 0 0 0 1; true 1 0 1 1 0 0 0 1 → 3 found, 1 false alarm, 1 missed, 3 rightly left
        Tensor output = Tensor.From<float>([2, 1, 0.5f, -1, -2, -3, -0.1f, 9], new Shape(8, 1)),
            target = Tensor.From<float>([1, 0, 1, 1, 0, 0, 0, 1], new Shape(8, 1));
        Assert.Equal(0.75, Of(new Precision(), output, target));
        Assert.Equal(0.75, Of(new Recall(), output, target));
        Assert.Equal(0.75, Of(new FBeta(), output, target));
        Assert.Equal(0.75, Of(new Accuracy(), output, target));
        // With a threshold of 0.9: said 1 1 0 0 0 0 0 1
        Assert.Equal(2 / 3.0, Of(new Precision(threshold: 0.9), output, target), 1e-12);
        Assert.Equal(0.5, Of(new Recall(threshold: 0.9), output, target), 1e-12);
        // β = 2: 5PR / (4P + R)
        Assert.Equal(5 * (2 / 3.0) * 0.5 / (4 * 2 / 3.0 + 0.5), Of(new FBeta(2, threshold: 0.9), output, target), 1e-12);
    }

    [Fact]
    public void A_share_of_nothing_is_zero_and_a_class_nobody_met_is_NaN()
    {
        var matrix = new ConfusionMatrix(["cat", "dog", "emu"]);
        matrix.Update(Tensor.From<float>([1, 0, 0, 1, 0, 0], new Shape(2, 3)), Tensor.From<long>([0, 1], new Shape(2)));
        Assert.Equal(0.0, matrix.Precision(1));       // true, never said
        Assert.Equal(0.0, matrix.Recall(1));
        Assert.True(double.IsNaN(matrix.Precision(2)) && double.IsNaN(matrix.Recall(2)) && double.IsNaN(matrix.FBeta(2)));
        Assert.Equal(0.25, matrix.Precision(Averaging.Macro));       // of cat and dog
        Assert.Contains(
            "two classes", Assert.Throws<InvalidOperationException>(() => matrix.Precision(Averaging.Binary)).Message,
            StringComparison.Ordinal);
        string text = matrix.ToString();
        Assert.Equal(5, text.Split('\n').Length);
        Assert.Contains("dog", text, StringComparison.Ordinal);
        Assert.Contains("NaN", text.Split('\n')[3], StringComparison.Ordinal);
        Assert.Contains("emu", matrix.ToPlot().ToSvg(), StringComparison.Ordinal);
        Assert.Contains("shares", matrix.ToPlot(byRow: true).ToSvg(), StringComparison.Ordinal);
        Assert.Contains("no data", new ConfusionMatrix().ToPlot().ToSvg() + "no data", StringComparison.Ordinal);
    }

    [Fact]
    public void One_hot_targets_and_maps_of_classes_count_too()
    {
        Tensor output = Tensor.From<float>([1, 0, 0, 1, 1, 0], new Shape(3, 2)),
            hot = Tensor.From<float>([1, 0, 1, 0, 0, 1], new Shape(3, 2));
        Assert.Equal(1 / 3.0, Of(new ConfusionMatrix(), output, hot), 1e-12);
        // (N, classes, H, W) against (N, H, W)
        Tensor map = Tensor.From<float>([1, 0, 0, 1, 0, 1, 1, 0], new Shape(1, 2, 2, 2)),
            truth = Tensor.From<long>([0, 1, 1, 1], new Shape(1, 2, 2));
        Assert.Equal(0.75, Of(new ConfusionMatrix(), map, truth), 1e-12);
    }

    [Fact]
    public void Top_k_counts_ranks_and_ties_go_to_the_lower_class()
    {
        Tensor output = Tensor.From<float>([3, 2, 1, 1, 1, 1, 0, 5, 9], new Shape(3, 3)),
            target = Tensor.From<long>([2, 1, 1], new Shape(3));
        Assert.Equal(0.0, Of(new TopK(1), output, target));
        Assert.Equal(2 / 3.0, Of(new TopK(2), output, target), 1e-12);
        Assert.Equal(1.0, Of(new TopK(3), output, target));
    }

    [Fact]
    public void Errors_of_regressions_by_hand()
    {
        Tensor said = Tensor.From<float>([1, 2, 4, 8], new Shape(4, 1)), truth = Tensor.From<float>([1, 3, 2, 9], new Shape(4));
        Assert.Equal(1.0, Of(new MeanAbsoluteError(), said, truth));
        Assert.Equal(Math.Sqrt(6 / 4.0), Of(new RootMeanSquaredError(), said, truth), 1e-12);
        // mean 3.75: spread 7.5625 + 0.5625 + 3.0625 + 27.5625
        Assert.Equal(1 - 6 / 38.75, Of(new R2(), said, truth), 1e-12);
        Assert.False(new MeanAbsoluteError().HigherIsBetter);
        Assert.True(double.IsNaN(Of(new R2(), said, Tensor.From<float>([7, 7, 7, 7], new Shape(4)))));
        Assert.Contains(
            "do not belong together",
            Assert.Throws<ArgumentException>(() => Of(new R2(), said, Tensor.From<float>([1, 2, 3, 4], new Shape(1, 4)))).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void R2_is_exact_far_from_zero_and_averages_columns()
    {
        double[] y = [1e9 + 1, 1e9 + 2, 1e9 + 3, 1e9 + 4], near = [1e9 + 1.5, 1e9 + 2, 1e9 + 3, 1e9 + 4];
        Assert.Equal(1 - 0.25 / 5, Of(new R2(), Tensor.From<double>(near, new Shape(4)), Tensor.From<double>(y, new Shape(4))), 1e-9);
        Tensor truth = Tensor.From<double>([1, 10, 2, 20, 3, 60], new Shape(3, 2)),
            said = Tensor.From<double>([1, 30, 2, 30, 3, 30], new Shape(3, 2));
        Assert.Equal(0.5, Of(new R2(), said, truth), 1e-12);        // 1 for the first column, 0 (the mean) for the second
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Probabilities_by_hand(bool logits)
    {
        double[] p = [0.9, 0.2, 0.6];
        float[] outputs = [.. p.Select(v => (float)(logits ? Math.Log(v / (1 - v)) : v))];
        Tensor one = Tensor.From<float>(outputs, new Shape(3, 1)), target = Tensor.From<long>([1, 0, 0], new Shape(3));
        Assert.Equal(-(Math.Log(0.9) + Math.Log(0.8) + Math.Log(0.4)) / 3, Of(new LogLoss(logits), one, target), 1e-6);
        Assert.Equal((0.01 + 0.04 + 0.36) / 3, Of(new BrierScore(logits), one, target), 1e-6);
        double[] rows = [0.7, 0.2, 0.1, 0.3, 0.3, 0.4];
        Tensor three = Tensor.From<float>([.. rows.Select(v => (float)(logits ? Math.Log(v) + 5 : v))], new Shape(2, 3)),
            classes = Tensor.From<long>([0, 1], new Shape(2));
        Assert.Equal(-(Math.Log(0.7) + Math.Log(0.3)) / 2, Of(new LogLoss(logits), three, classes), 1e-6);
        Assert.Equal((0.09 + 0.04 + 0.01 + 0.09 + 0.49 + 0.16) / 2, Of(new BrierScore(logits), three, classes), 1e-6);
    }

    [Fact]
    public void Log_loss_of_extreme_logits_is_finite()
        => Assert.Equal(
            1000.0, Of(new LogLoss(), Tensor.From<float>([-1000, 1000], new Shape(2)), Tensor.From<long>([1, 0], new Shape(2))), 1e-9);

    [Fact]
    public void Labels_that_cannot_be_are_named()
    {
        Tensor output = Tensor.From<float>([1, 2, 3], new Shape(1, 3));
        Assert.Contains(
            "class 3, and the outputs know 3 classes",
            Assert.Throws<ArgumentException>(() => Of(new ConfusionMatrix(), output, Tensor.From<long>([3], new Shape(1)))).Message,
            StringComparison.Ordinal);
        Assert.Contains(
            "1 predictions",
            Assert.Throws<ArgumentException>(() => Of(new Recall(), output, Tensor.From<long>([1, 2], new Shape(2)))).Message,
            StringComparison.Ordinal);
        Assert.Contains(
            "class 3, and the outputs know 3",
            Assert.Throws<ArgumentException>(() => Of(new RocAuc(), output, Tensor.From<long>([3], new Shape(1)))).Message,
            StringComparison.Ordinal);
        Assert.Contains(
            "0 and 1", Assert.Throws<ArgumentException>(() => Of(
                new RocAuc(), output.Reshape(3), Tensor.From<long>([1, 0, 2], new Shape(3)))).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentOutOfRangeException>(() => new TopK(0));
        Assert.Throws<ArgumentOutOfRangeException>(() => new FBeta(-1));
    }

    private static double Of(Metric metric, Tensor output, Tensor target)
    {
        metric.Update(output, target);
        return metric.Value;
    }

    private static float[] Numbers(int count, int seed)
    {
        var random = new System.Random(seed);
        return [.. Enumerable.Range(0, count).Select(_ => (float)Math.Round(random.NextDouble() * 20 - 10, 3))];
    }
}

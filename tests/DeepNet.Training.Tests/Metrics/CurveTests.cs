namespace DeepNet.Training.Tests.Metrics;

/// <summary>ROC and PR curves against their definitions.</summary>
public class CurveTests
{
    private static readonly double[] Scores = [0.9, 0.8, 0.8, 0.7, 0.6, 0.6, 0.6, 0.3, 0.2, 0.1];
    private static readonly bool[] Positive = [true, true, false, true, false, true, false, false, true, false];

    [Fact]
    public void The_area_is_the_chance_that_a_positive_is_above_a_negative()
    {
        var random = new System.Random(3);
        for (int trial = 0; trial < 30; trial++)
        {
            double[] scores = [.. Enumerable.Range(0, 40).Select(_ => (double)random.Next(12))];         // many ties
            bool[] positive = [.. scores.Select(s => random.Next(20) < s + 3)];
            double won = 0, pairs = 0;
            for (int i = 0; i < 40; i++)
                for (int j = 0; j < 40; j++)
                    if (positive[i] && !positive[j])
                    {
                        won += scores[i] > scores[j] ? 1 : scores[i] == scores[j] ? 0.5 : 0;
                        pairs++;
                    }
            Assert.Equal(won / pairs, RocCurve.Of(scores, positive).Area, 1e-12);
        }
    }

    [Fact]
    public void Each_threshold_counts_what_is_at_or_above_it()
    {
        RocCurve roc = RocCurve.Of(Scores, Positive);
        var pr = PrecisionRecallCurve.Of(Scores, Positive);
        Assert.Equal([double.PositiveInfinity, 0.9, 0.8, 0.7, 0.6, 0.3, 0.2, 0.1], roc.Thresholds);
        Assert.Equal(roc.Thresholds, pr.Thresholds);
        double average = 0, bestF = 0, before = 0;
        for (int k = 0; k < roc.Thresholds.Count; k++)
        {
            double t = roc.Thresholds[k];
            int found = Enumerable.Range(0, 10).Count(i => Scores[i] >= t && Positive[i]),
                alarms = Enumerable.Range(0, 10).Count(i => Scores[i] >= t && !Positive[i]);
            Assert.Equal(found / 5.0, roc.TruePositiveRate[k], 1e-12);
            Assert.Equal(alarms / 5.0, roc.FalsePositiveRate[k], 1e-12);
            double precision = found + alarms == 0 ? 1 : (double)found / (found + alarms);
            Assert.Equal(precision, pr.Precision[k], 1e-12);
            Assert.Equal(found / 5.0, pr.Recall[k], 1e-12);
            average += (found / 5.0 - before) * precision;
            before = found / 5.0;
            bestF = Math.Max(bestF, found == 0 ? 0 : 2 * precision * before / (precision + before));
        }
        Assert.Equal(average, pr.AveragePrecision, 1e-12);
        Assert.Equal(bestF, pr.BestF1, 1e-12);
        Assert.Equal(0.2, pr.BestThreshold);         // all 5 among 9: F1 = 10/14
        // 1 of 1 and 2 of 4 are as good, 2/3; the higher threshold wins.
        Assert.Equal(0.9, PrecisionRecallCurve.Of([0.9, 0.8, 0.7, 0.6], [true, false, false, true]).BestThreshold);
    }

    [Fact]
    public void Perfect_wrong_and_constant_scores()
    {
        Assert.Equal(1.0, RocCurve.Of([3, 2, 1, 0], [true, true, false, false]).Area);
        Assert.Equal(0.0, RocCurve.Of([0, 1, 2, 3], [true, true, false, false]).Area);
        Assert.Equal(0.5, RocCurve.Of([1, 1, 1, 1], [true, false, true, false]).Area);
        Assert.Equal(1.0, PrecisionRecallCurve.Of([3, 2, 1, 0], [true, true, false, false]).AveragePrecision);
        Assert.Equal(0.5, PrecisionRecallCurve.Of([1, 1, 1, 1], [true, false, true, false]).AveragePrecision);
    }

    [Fact]
    public void One_class_only_and_nothing_at_all()
    {
        Assert.True(double.IsNaN(RocCurve.Of([1, 2], [true, true]).Area));
        Assert.True(double.IsNaN(RocCurve.Of([], []).Area));
        var none = PrecisionRecallCurve.Of([1, 2], [false, false]);
        Assert.True(double.IsNaN(none.AveragePrecision) && double.IsNaN(none.BestF1) && double.IsNaN(none.BestThreshold));
        Assert.Equal(1.0, PrecisionRecallCurve.Of([1, 2], [true, true]).AveragePrecision);
        // Their images are drawn all the same.
        Assert.NotEmpty(RocCurve.Of([1, 2], [true, true]).ToPlot().ToSvg());
        Assert.NotEmpty(none.ToPlot().ToSvg());
    }

    [Fact]
    public void NaN_scores_are_an_error_of_the_curve_and_NaN_of_the_metric()
    {
        Assert.Contains(
            "NaN", Assert.Throws<ArgumentException>(() => RocCurve.Of([1, double.NaN], [true, false])).Message, StringComparison.Ordinal);
        var metric = new RocAuc();
        metric.Update(Tensor.From<float>([1, float.NaN], new Shape(2)), Tensor.From<long>([1, 0], new Shape(2)));
        Assert.True(double.IsNaN(metric.Value));
    }

    [Fact]
    public void Two_logits_count_by_their_difference()
    {
        Tensor output = Tensor.From<float>([5, 6, 0, 3, 1, 0], new Shape(3, 2));        // 1, 3, −1
        var metric = new AveragePrecision();
        metric.Update(output, Tensor.From<long>([0, 1, 0], new Shape(3)));
        Assert.Equal([1, 3, -1.0], metric.Scores);
        Assert.Equal(1.0, metric.Value);
        metric.Reset();
        metric.Update(output, Tensor.From<float>([1, 0, 0, 1, 1, 0], new Shape(3, 2)));
        Assert.Equal([false, true, false], metric.Positive);
    }
}

namespace DeepNet.Training.Tests.Metrics;

/// <summary>
/// Metrics that go by the order of scores, each of several classes against the rest. The expected figures are scikit-learn's.
/// </summary>
public class ScoreMetricTests
{
    private const int Count = 24, Classes = 4;

    private static readonly float[] Logits = [.. from i in Enumerable.Range(0, Count) from c in Enumerable.Range(
        0, Classes) select (i * i * 37 + c * c * 11 + i * c * 5) % 53 / 8f];
    private static readonly long[] Truth = [.. from i in Enumerable.Range(0, Count) select (long)((i * i + i / 3) % Classes)];

    private static Tensor Output => Tensor.From<float>(Logits, new Shape(Count, Classes));
    private static Tensor Target => Tensor.From<long>(Truth, new Shape(Count));

    [Theory]
    [InlineData(null, 0.498046875, 0.3314845759591435)]
    [InlineData(Averaging.Macro, 0.498046875, 0.3314845759591435)]
    [InlineData(Averaging.Weighted, 0.5182291666666666, 0.38205721512631086)]
    [InlineData(Averaging.Micro, 0.5147569444444444, 0.3133923197333314)]
    public void Each_class_against_the_rest(Averaging? averaging, double area, double average)
    {
        foreach (bool fromLogits in (bool[])[true, false])
        {
            var output = fromLogits ? Output : Output.To(DType.Float64).Softmax(1);
            Assert.Equal(area, Of(new RocAuc(averaging, fromLogits), output).Value, 1e-12);
            Assert.Equal(average, Of(new AveragePrecision(averaging, fromLogits), output).Value, 1e-12);
        }
    }

    [Theory]
    [InlineData(0, 0.5390625, 0.5006143162393162)]
    [InlineData(1, 0.4, 0.17290552584670232)]
    [InlineData(2, 0.578125, 0.465790670681975)]
    [InlineData(3, 0.475, 0.18662779106858052)]
    public void A_class_has_its_own_curve(int index, double area, double average)
    {
        Assert.Equal(area, Of(new RocAuc(), Output).CurveOf(index).Area, 1e-12);
        Assert.Equal(average, Of(new AveragePrecision(), Output).CurveOf(index).AveragePrecision, 1e-12);
    }

    [Fact]
    public void One_hot_rows_are_class_numbers()
    {
        var oneHot = Tensor.From<float>([.. from t in Truth from c in Enumerable.Range(0, Classes) select t == c ? 1f : 0f],
            new Shape(Count, Classes));
        var metric = new RocAuc();
        metric.Update(Output, oneHot);
        Assert.Equal(0.498046875, metric.Value, 1e-12);
    }

    [Fact]
    public void Both_of_two_classes_can_be_averaged()
    {
        var (output, target) = (Tensor.From<float>([0, 3, 2, 1, 5, 0], new Shape(3, 2)), Tensor.From<long>([1, 1, 0], new Shape(3)));
        var binary = new AveragePrecision();
        binary.Update(output, target);
        var macro = new AveragePrecision(Averaging.Macro);
        macro.Update(output, target);
        Assert.Equal(1.0, binary.Value);
        Assert.Equal((1.0 + macro.CurveOf(0).AveragePrecision) / 2, macro.Value, 1e-15);
        Assert.Equal([-3.0, 1, 5], macro.ScoresOf(0));
    }

    [Fact]
    public void Certainty_does_not_make_scores_equal()
    {
        // Of these, float64 rounds every probability of class 0 to 1; its logarithm still tells them apart.
        var metric = new RocAuc();
        metric.Update(Tensor.From<float>([50, 0, 0, 60, 0, 0, 40, 0, 0], new Shape(3, 3)), Tensor.From<long>([0, 0, 1], new Shape(3)));
        Assert.Equal(1.0, metric.CurveOf(0).Area);
        Assert.Equal(3, metric.ScoresOf(0).Distinct().Count());
    }

    [Fact]
    public void A_class_that_nothing_is_of_stands_aside()
    {
        var metric = new RocAuc();
        metric.Update(Tensor.From<float>([2, 0, 0, 0, 1, 0, 1, 3, 0], new Shape(3, 3)), Tensor.From<long>([0, 1, 0], new Shape(3)));
        Assert.True(double.IsNaN(metric.CurveOf(2).Area));
        Assert.Equal((metric.CurveOf(0).Area + metric.CurveOf(1).Area) / 2, metric.Value);
    }

    [Fact]
    public void What_cannot_be_asked_says_why()
    {
        var metric = Of(new RocAuc(), Output);
        Assert.Contains("CurveOf(class)", Assert.Throws<InvalidOperationException>(() => metric.Curve).Message, StringComparison.Ordinal);
        Assert.Contains("ScoresOf(class)", Assert.Throws<InvalidOperationException>(() => metric.Scores).Message, StringComparison.Ordinal);
        Assert.Contains(
            "classes are 0 to 3", Assert.Throws<ArgumentOutOfRangeException>(() => metric.CurveOf(4)).Message, StringComparison.Ordinal);
        Assert.Contains("outputs of 2 classes came after outputs of 4",
            Assert.Throws<ArgumentException>(() => metric.Update(
                Tensor.From<float>([1, 2], new Shape(1, 2)), Tensor.From<long>([1], new Shape(1)))).Message, StringComparison.Ordinal);
        Assert.Contains(
            "Macro, Micro or Weighted",
            Assert.Throws<InvalidOperationException>(() => Of(new AveragePrecision(Averaging.Binary), Output).Value).Message,
            StringComparison.Ordinal);
        Assert.Contains(
            "(N, classes)", Assert.Throws<ArgumentException>(() => metric.Update(Output.Reshape(Count, 2, 2), Target)).Message,
            StringComparison.Ordinal);
        metric.Reset();
        Assert.Equal(0, metric.Classes);
        Assert.Empty(metric.Scores);
        Assert.True(double.IsNaN(metric.Curve.Area) && double.IsNaN(metric.Value));
    }

    private static TMetric Of<TMetric>(TMetric metric, Tensor output) where TMetric : Metric
    {
        metric.Update(output, Target);
        return metric;
    }
}

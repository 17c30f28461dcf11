namespace DeepNet.Training;

/// <summary>
/// The area below the ROC curve: the chance that a positive has a higher score than a negative. Of more classes than two, the mean of each
/// against the rest. NaN while only one class was seen, or if a score is NaN.
/// </summary>
/// <param name="averaging">The way in which the figures of classes become one; if left out, that of class 1 of two, or the mean of
/// more.</param>
/// <param name="fromLogits">Whether the outputs of more than two classes are logits (the default) or probabilities; of two only their order
/// counts.</param>
public sealed class RocAuc(Averaging? averaging = null, bool fromLogits = true) : ScoreMetric("auc", averaging, fromLogits)
{
    /// <summary>The curve over everything seen, of two classes.</summary>
    public RocCurve Curve => Classes == 0 ? RocCurve.Of([], []) : CurveOf(TheOne(nameof(CurveOf)));

    /// <summary>The curve of one class against the rest.</summary>
    public RocCurve CurveOf(int index) => RocCurve.Of(ScoresOf(index), PositiveOf(index));

    private protected override double Of(IReadOnlyList<double> scores, IReadOnlyList<bool> positive) => RocCurve.Of(scores, positive).Area;
}

namespace DeepNet.Training;

/// <summary>
/// The mean precision over recall; of more classes than two, the mean of each against the rest. NaN while no positive was seen, or if a
/// score is NaN.
/// </summary>
/// <param name="averaging">The way in which the figures of classes become one; if left out, that of class 1 of two, or the mean of
/// more.</param>
/// <param name="fromLogits">Whether the outputs of more than two classes are logits (the default) or probabilities; of two only their order
/// counts.</param>
public sealed class AveragePrecision(Averaging? averaging = null, bool fromLogits = true)
    : ScoreMetric("average_precision", averaging, fromLogits)
{
    /// <summary>The curve over everything seen, of two classes; it knows the threshold with the best F1.</summary>
    public PrecisionRecallCurve Curve => Classes == 0 ? PrecisionRecallCurve.Of([], []) : CurveOf(TheOne(nameof(CurveOf)));

    /// <summary>The curve of one class against the rest.</summary>
    public PrecisionRecallCurve CurveOf(int index) => PrecisionRecallCurve.Of(ScoresOf(index), PositiveOf(index));

    private protected override double Of(IReadOnlyList<double> scores, IReadOnlyList<bool> positive)
        => PrecisionRecallCurve.Of(scores, positive).AveragePrecision;
}

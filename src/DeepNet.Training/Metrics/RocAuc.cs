namespace DeepNet.Training;

/// <summary>The area below the ROC curve: the chance that a positive has a higher score than a negative. NaN while only one class was seen, or if a score is NaN.</summary>
public sealed class RocAuc() : ScoreMetric("auc")
{
    /// <summary>The curve over everything seen.</summary>
    public RocCurve Curve => RocCurve.Of(Scores, Positive);

    /// <inheritdoc/>
    public override double Value => IsBroken ? double.NaN : Curve.Area;
}

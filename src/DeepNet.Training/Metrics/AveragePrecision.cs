namespace DeepNet.Training;

/// <summary>The mean precision over recall. NaN while no positive was seen, or if a score is NaN.</summary>
public sealed class AveragePrecision() : ScoreMetric("average_precision")
{
    /// <summary>The curve over everything seen; it knows the threshold with the best F1.</summary>
    public PrecisionRecallCurve Curve => PrecisionRecallCurve.Of(Scores, Positive);

    /// <inheritdoc/>
    public override double Value => IsBroken ? double.NaN : Curve.AveragePrecision;
}

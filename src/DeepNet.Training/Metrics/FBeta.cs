using System.Globalization;

namespace DeepNet.Training;

/// <summary>The harmonic mean of precision and recall, recall counting β times as much: (1 + β²) · P · R / (β² · P + R).</summary>
/// <param name="beta">1 is F1; 2 cares more about what was missed, 0.5 about false alarms.</param>
/// <param name="averaging">The way in which the figures of classes become one; if left out, that of class 1 of two, or the mean of
/// more.</param>
/// <param name="threshold">For single outputs: those above it count as class 1. 0 for logits, 0.5 for probabilities.</param>
public sealed class FBeta(double beta = 1, Averaging? averaging = null, double threshold = 0)
    : ClassMetric(string.Create(CultureInfo.InvariantCulture, $"f{beta}"), averaging, threshold)
{
    private readonly double beta = beta > 0 && double.IsFinite(beta)
        ? beta
        : throw new ArgumentOutOfRangeException(nameof(beta), $"[f_beta] β is positive, not {beta}.");

    /// <inheritdoc/>
    public override double Value => Matrix.FBeta(Kind, beta);
}

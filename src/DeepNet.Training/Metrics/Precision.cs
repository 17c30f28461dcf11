namespace DeepNet.Training;

/// <summary>
/// Of what was predicted to be of a class, the share that is. What a share of nothing is: see <see cref="ConfusionMatrix"/>.
/// </summary>
/// <param name="averaging">The way in which the figures of classes become one; if left out, that of class 1 of two, or the mean of
/// more.</param>
/// <param name="threshold">For single outputs: those above it count as class 1. 0 for logits, 0.5 for probabilities.</param>
public sealed class Precision(Averaging? averaging = null, double threshold = 0) : ClassMetric("precision", averaging, threshold)
{
    /// <inheritdoc/>
    public override double Value => Matrix.Precision(Kind);
}

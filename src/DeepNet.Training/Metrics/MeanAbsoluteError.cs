namespace DeepNet.Training;

/// <summary>The mean of |output − target| over all numbers.</summary>
public sealed class MeanAbsoluteError : Metric
{
    private double sum;
    private long count;

    /// <inheritdoc/>
    public override string Name => "mae";

    /// <inheritdoc/>
    public override bool HigherIsBetter => false;

    /// <inheritdoc/>
    public override double Value => count == 0 ? double.NaN : sum / count;

    /// <inheritdoc/>
    public override void Reset() => (sum, count) = (0, 0);

    /// <inheritdoc/>
    public override double[] State() => [sum, count];

    /// <inheritdoc/>
    public override void Merge(ReadOnlySpan<double> state)
    {
        sum += state[0];
        count += (long)state[1];
    }

    /// <inheritdoc/>
    public override void Update(Tensor output, Tensor target)
    {
        var (predicted, truth) = MetricValues.Paired("mae", output, target);
        // One after the other, so that no sum depends on where batches end.
        for (int i = 0; i < predicted.Length; i++) sum += Math.Abs(predicted[i] - truth[i]);
        count += predicted.Length;
    }
}

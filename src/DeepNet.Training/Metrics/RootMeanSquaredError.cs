namespace DeepNet.Training;

/// <summary>
/// The root of the mean of (output − target)² over all numbers: an error in the target's own unit, in which large ones count more.
/// </summary>
public sealed class RootMeanSquaredError : Metric
{
    private double sum;
    private long count;

    /// <inheritdoc/>
    public override string Name => "rmse";

    /// <inheritdoc/>
    public override bool HigherIsBetter => false;

    /// <inheritdoc/>
    public override double Value => count == 0 ? double.NaN : Math.Sqrt(sum / count);

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
        var (predicted, truth) = MetricValues.Paired("rmse", output, target);
        for (int i = 0; i < predicted.Length; i++) sum += (predicted[i] - truth[i]) * (predicted[i] - truth[i]);
        count += predicted.Length;
    }
}

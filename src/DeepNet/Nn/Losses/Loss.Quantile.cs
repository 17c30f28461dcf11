namespace DeepNet.Nn;

public static partial class Loss
{
    /// <summary>
    /// The quantile (pinball) loss: q·d for targets d above the prediction, (1 − q)·d for targets d below it. What minimises it is the
    /// q-quantile of the targets.
    /// </summary>
    /// <param name="prediction">The predicted quantiles.</param>
    /// <param name="target">Of the same shape.</param>
    /// <param name="quantile">q, between 0 and 1; with ½ the loss is half the absolute error.</param>
    /// <param name="reduction">The reduction of the losses.</param>
    public static Tensor Quantile(Tensor prediction, Tensor target, double quantile = 0.5, Reduction reduction = Reduction.Mean)
    {
        RequireEqual("quantile", prediction, target);
        RequireQuantile(quantile);
        var d = target - prediction;
        return Reduce(d.Relu() - (1 - quantile) * d, reduction);
    }

    /// <summary>The quantile (pinball) loss of several quantiles at once.</summary>
    /// <param name="prediction">(…, quantiles): the predicted quantiles along the last axis.</param>
    /// <param name="target">(…), compared with each of them.</param>
    /// <param name="quantiles">The quantiles, each between 0 and 1.</param>
    /// <param name="reduction">The reduction of the losses, of which there is one for each prediction.</param>
    public static Tensor Quantile(
        Tensor prediction, Tensor target, ReadOnlySpan<double> quantiles, Reduction reduction = Reduction.Mean)
    {
        ArgumentNullException.ThrowIfNull(prediction);
        ArgumentNullException.ThrowIfNull(target);
        foreach (double q in quantiles) RequireQuantile(q);
        int axis = prediction.Rank - 1;
        if (axis < 0 || prediction.Shape[axis] != quantiles.Length || !IsWithout(target.Shape, prediction.Shape, axis))
            throw new ArgumentException(
                $"[quantile] predictions {prediction.Shape} and targets {target.Shape}: for {quantiles.Length} quantiles the predictions "
                    + $"must have the axes of the targets, and behind them one of length {quantiles.Length}.");
        var d = target.Unsqueeze(-1) - prediction;
        var rest = 1 - Tensor.From(quantiles, new Shape(quantiles.Length)).To(d.DType).To(d.Device);
        return Reduce(d.Relu() - rest * d, reduction);
    }

    private static void RequireQuantile(double quantile)
    {
        if (quantile is not (> 0 and < 1))
            throw new ArgumentOutOfRangeException(nameof(quantile), $"[quantile] the quantile {quantile} must be between 0 and 1.");
    }
}

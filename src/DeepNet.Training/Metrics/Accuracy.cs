namespace DeepNet.Training;

/// <summary>
/// The share of examples that were predicted right: the largest of several outputs against a class number or a one-hot row; a single output
/// against 0 or 1, by a threshold.
/// </summary>
/// <param name="threshold">For single outputs: those above it count as 1. 0 for logits, 0.5 for probabilities.</param>
public sealed class Accuracy(double threshold = 0) : Metric
{
    private long right, seen;

    /// <inheritdoc/>
    public override string Name => "accuracy";

    /// <inheritdoc/>
    public override double Value => seen == 0 ? double.NaN : (double)right / seen;

    /// <inheritdoc/>
    public override void Reset() => right = seen = 0;

    /// <inheritdoc/>
    public override double[] State() => [right, seen];

    /// <inheritdoc/>
    public override void Merge(ReadOnlySpan<double> state)
    {
        right += (long)state[0];
        seen += (long)state[1];
    }

    /// <inheritdoc/>
    public override void Update(Tensor output, Tensor target)
    {
        ArgumentNullException.ThrowIfNull(output);
        ArgumentNullException.ThrowIfNull(target);
        using var scope = Memory.Scope();
        using var noGrad = Autograd.NoGrad();
        if (output.Rank < 2 || output.Shape[1] == 1) Compare(output > threshold, target > 0.5);
        else Compare(output.ArgMax(1), target.Shape == output.Shape ? target.ArgMax(1) : target);
    }

    private void Compare(Tensor predicted, Tensor truth)
    {
        if (predicted.Count != truth.Count)
            throw new ArgumentException(
                $"[accuracy] {predicted.Count} predictions and {truth.Count} targets of shape {truth.Shape}: one class number for each "
                    + "prediction, or rows as long as the outputs.");
        right += predicted.Reshape(-1).To(DType.Int64).Equal(truth.Reshape(-1).To(DType.Int64)).To(DType.Int64).Sum().Item<long>();
        seen += predicted.Count;
    }
}

namespace DeepNet.Nn;

public static partial class Loss
{
    /// <summary>
    /// The Dice loss of segmentations, 1 − (2·Σ p·t + s) / (Σ p + Σ t + s): how little a predicted region p and the true one t overlap,
    /// whatever their size (Milletari et al. 2016). The sums go over all pixels of one example and one class.
    /// </summary>
    /// <param name="probability">(N, classes, …): what Sigmoid or Softmax makes.</param>
    /// <param name="target">
    /// Probabilities, usually 0 and 1, of the same shape; or labels, integers of the same shape without the axis of classes.
    /// </param>
    /// <param name="smooth">s, which keeps the quotient of two empty regions at 1.</param>
    /// <param name="weight">A weight for each class, a constant. The mean is then over the weights.</param>
    /// <param name="squared">True for squares in the sums below, Σ p² + Σ t².</param>
    /// <param name="overBatch">True for sums over all examples together, which gives a loss for each class only.</param>
    /// <param name="reduction">The reduction of the losses; with <see cref="Reduction.None"/> (N, classes), or (classes,).</param>
    /// <exception cref="ArgumentException">A probability or a target is not from 0 to 1, or a label is no class.</exception>
    public static Tensor Dice(
        Tensor probability, Tensor target, double smooth = 1, Tensor? weight = null, bool squared = false, bool overBatch = false,
        Reduction reduction = Reduction.Mean)
    {
        const string op = "dice";
        ClassAxis(op, probability, target);
        if (!(smooth >= 0)) throw new ArgumentOutOfRangeException(nameof(smooth), $"[{op}] smooth is {smooth}, it must not be negative.");
        if (probability.Rank < 3)
            throw new ArgumentException(
                $"[{op}] the probabilities have the shape {probability.Shape} and must be (N, classes, …), with at least one axis of "
                    + "pixels. Masks of one class get that axis by Unsqueeze(1).");
        int classes = probability.Shape[1];
        weight = ClassWeights(op, weight, classes, probability);
        Domain.Share.Require(op, probability);
        if (!target.DType.IsFloating() && !target.Shape.Equals(probability.Shape))
        {
            RequireLabels(op, probability, target, 1);
            var labels = Labels.Of(op, target, classes, null, probability.Device, probability.DType).Dense;
            target = labels.Reshape(target.Shape.Axes).OneHot(classes, DTypes.ComputeFloating(probability.DType)).MoveAxis(-1, 1);
        }
        RequireEqual(op, probability, target, "probability");
        Domain.Fraction.Require(op, target);
        int[] axes = [.. Enumerable.Range(0, probability.Rank).Where(axis => axis != 1 && (overBatch || axis > 1))];
        var overlap = (probability * target).Sum(axes);
        var sizes = squared ? probability.Square().Sum(axes) + target.Square().Sum(axes) : probability.Sum(axes) + target.Sum(axes);
        var losses = 1 - (2 * overlap + smooth) / (sizes + smooth);
        if (weight is null) return Reduce(losses, reduction);
        losses = losses * weight;
        return reduction == Reduction.Mean ? losses.Sum() / (weight.Sum() * (losses.Count / (double)classes)) : Reduce(losses, reduction);
    }
}

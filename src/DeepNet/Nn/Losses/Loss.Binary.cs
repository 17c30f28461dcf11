namespace DeepNet.Nn;

public static partial class Loss
{
    /// <summary>
    /// The cross-entropy of probabilities with targets of 0 to 1. From logits,
    /// <see cref="BceWithLogits(Tensor, Tensor, Tensor?, Tensor?, Reduction)"/> is more exact.
    /// </summary>
    /// <param name="probability">Probabilities of 1.</param>
    /// <param name="target">0 to 1, of the same shape.</param>
    /// <param name="weight">A factor for each element, broadcast to the losses; or none.</param>
    /// <param name="reduction">The reduction of the losses.</param>
    /// <exception cref="ArgumentException">A probability or a target is not from 0 to 1.</exception>
    public static Tensor Bce(Tensor probability, Tensor target, Tensor? weight = null, Reduction reduction = Reduction.Mean)
    {
        const string op = "bce";
        RequireEqual(op, probability, target, "probability");
        Domain.Probability.Require(op, probability);
        Domain.Fraction.Require(op, target);
        return Reduce(Weighted(op, Pairwise(op, new ProbabilityEntropy(), probability, target), weight), reduction);
    }

    /// <summary>The cross-entropy of the probabilities σ(logits) with targets of 0 to 1; nothing overflows or cancels.</summary>
    /// <param name="logits">Any numbers.</param>
    /// <param name="target">0 to 1, of the same shape.</param>
    /// <param name="weight">A factor for each element, broadcast to the losses; or none.</param>
    /// <param name="positiveWeight">The weight of positive targets, broadcast to the losses; or none.</param>
    /// <param name="reduction">The reduction of the losses.</param>
    /// <exception cref="ArgumentException">A target is not from 0 to 1.</exception>
    public static Tensor BceWithLogits(
        Tensor logits, Tensor target, Tensor? weight = null, Tensor? positiveWeight = null, Reduction reduction = Reduction.Mean)
    {
        const string op = "bce_with_logits";
        RequireEqual(op, logits, target, "logits");
        Domain.Fraction.Require(op, target);
        Tensor losses;
        if (positiveWeight is null)
        {
            losses = Pairwise(op, new LogitEntropy(), logits, target);
        }
        else
        {
            RequireFits(op, "positive weight", positiveWeight, logits.Shape);
            losses = (1 - target) * logits - ((positiveWeight - 1) * target + 1) * logits.LogSigmoid();
        }
        return Reduce(Weighted(op, losses, weight), reduction);
    }

    private static Tensor Weighted(string op, Tensor losses, Tensor? weight)
    {
        if (weight is null) return losses;
        RequireFits(op, "weight", weight, losses.Shape);
        return losses * weight;
    }

    private static void RequireFits(string op, string what, Tensor weight, Shape shape)
    {
        if (TryBroadcast(shape, weight.Shape) is not { } wide || !wide.Equals(shape))
            throw new ArgumentException($"[{op}] the {what} of shape {weight.Shape} does not fit losses of shape {shape}.");
    }
}

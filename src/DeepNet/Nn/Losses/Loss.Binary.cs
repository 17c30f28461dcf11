using DeepNet.Ops;

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

    /// <summary>
    /// The focal loss for targets of 0 and 1: α_t·(1 − p_t)^γ times the cross-entropy, where p_t is the probability given to the right
    /// answer.
    /// </summary>
    /// <param name="logits">Any numbers.</param>
    /// <param name="target">0 or 1, of the same shape.</param>
    /// <param name="alpha">The weight of 1; that of 0 is 1 − α. Null for no weights.</param>
    /// <param name="gamma">The degree to which easy cases are left aside; 0 is plain cross-entropy.</param>
    /// <param name="reduction">The reduction of the losses.</param>
    public static Tensor Focal(Tensor logits, Tensor target, double? alpha = 0.25, double gamma = 2, Reduction reduction = Reduction.Mean)
    {
        const string op = "focal";
        if (!(gamma >= 0)) throw new ArgumentOutOfRangeException(nameof(gamma), $"[{op}] gamma is {gamma}, it must not be negative.");
        RequireEqual(op, logits, target, "logits");
        Domain.Fraction.Require(op, target);
        var entropy = Pairwise(op, new LogitEntropy(), logits, target);
        var p = logits.Sigmoid();
        var wrong = p + target - 2 * (p * target);
        var losses = gamma == 0 ? entropy : entropy * wrong.Pow(gamma);
        if (alpha is { } share) losses = losses * (target * (2 * Check.Probability(op, share) - 1) + (1 - share));
        return Reduce(losses, reduction);
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

namespace DeepNet.Nn;

public static partial class Loss
{
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

    /// <summary>
    /// The focal loss for classes: the cross-entropy, each logarithm ln p of a class times (1 − p)^γ, so that classes that are right
    /// already count for little (Lin et al. 2017). With γ = 0 it is <see cref="CrossEntropy(Tensor, Tensor)"/>.
    /// </summary>
    /// <param name="logits">(N, classes), (N, classes, …) or (classes,); not yet softmaxed.</param>
    /// <param name="target">
    /// Labels, integers of the logits' shape without the axis of classes; or probabilities (one-hot or soft), floating and of the logits'
    /// shape.
    /// </param>
    /// <param name="weight">α: a weight for each class, a constant. The mean is then over the weights of the labels.</param>
    /// <param name="gamma">The degree to which easy cases are left aside.</param>
    /// <param name="reduction">The reduction of the losses; with <see cref="Reduction.None"/> a loss for each label.</param>
    /// <param name="labelSmoothing">The share of the target that is spread evenly over all classes.</param>
    /// <param name="ignoreIndex">The label that does not count.</param>
    /// <exception cref="ArgumentException">A label is no class, or a probability is not from 0 to 1; or the shapes do not fit.</exception>
    public static Tensor FocalCrossEntropy(
        Tensor logits, Tensor target, Tensor? weight = null, double gamma = 2, Reduction reduction = Reduction.Mean,
        double labelSmoothing = 0, int ignoreIndex = IgnoredLabel)
    {
        const string op = "focal_cross_entropy";
        if (!(gamma >= 0)) throw new ArgumentOutOfRangeException(nameof(gamma), $"[{op}] gamma is {gamma}, it must not be negative.");
        Check.Probability(op, labelSmoothing);
        int axis = ClassAxis(op, logits, target), classes = logits.Shape[axis];
        weight = ClassWeights(op, weight, classes, logits);
        if (target.DType.IsFloating())
            return SoftCrossEntropy(op, Focused(logits.LogSoftmax(axis), gamma), target, axis, weight, reduction, labelSmoothing);

        RequireLabels(op, logits, target, axis);
        var labels = Labels.Of(op, target, classes, ignoreIndex, logits.Device, logits.DType);
        var rows = Focused(AsRows(logits, axis).LogSoftmax(1), gamma);
        var losses = -Chosen(rows, labels, ignoreIndex);
        if (weight is not null || labels.SomeIgnored) losses = losses * LabelWeights(losses, labels, weight, ignoreIndex);
        if (labelSmoothing > 0)
        {
            var even = -(weight is null ? rows : rows * weight).Sum(1) / classes;
            if (labels.SomeIgnored) even = even * LabelWeights(losses, labels, null, ignoreIndex);
            losses = losses * (1 - labelSmoothing) + even * labelSmoothing;
        }
        return ReduceLabelled(losses, labels, weight, ignoreIndex, reduction, target.Shape);
    }

    /// <summary>(1 − p)^γ·ln p, from ln p.</summary>
    private static Tensor Focused(Tensor log, double gamma) => gamma == 0 ? log : (-log.Expm1()).Pow(gamma) * log;
}

namespace DeepNet.Nn;

public static partial class Loss
{
    /// <summary>
    /// The hinge loss of several classes: for each class but the right one max(0, margin − x[right] + x[class])^p, over the number of
    /// classes.
    /// </summary>
    /// <param name="score">(N, classes) or (classes,).</param>
    /// <param name="target">Labels, integers of the same shape without the axis of classes.</param>
    /// <param name="p">The power, 1 or more.</param>
    /// <param name="margin">By how much the right class is to be ahead of the others.</param>
    /// <param name="weight">A factor for each class, by which the losses of its examples count; a constant.</param>
    /// <param name="reduction">The reduction of the losses.</param>
    /// <exception cref="ArgumentException">A label is no class.</exception>
    public static Tensor MultiMargin(
        Tensor score, Tensor target, double p = 1, double margin = 1, Tensor? weight = null, Reduction reduction = Reduction.Mean)
    {
        const string op = "multi_margin";
        if (!(p >= 1)) throw new ArgumentOutOfRangeException(nameof(p), $"[{op}] p is {p}, it must be 1 or more.");
        int axis = ClassAxis(op, score, target), classes = score.Shape[axis];
        if (score.Rank > 2)
            throw new ArgumentException($"[{op}] scores of shape {score.Shape} have more axes than (N, classes). Reshape them.");
        RequireLabels(op, score, target, axis);
        weight = ClassWeights(op, weight, classes, score);
        var labels = Labels.Of(op, target, classes, null, score.Device, score.DType).Dense.Unsqueeze(1);
        var rows = AsRows(score, axis);
        var hinges = (margin - rows.Gather(1, labels) + rows).Relu();
        if (p != 1) hinges = hinges.Pow(p);
        var others = labels.NotEqual(Indices.Count(classes, score.Device)).To(hinges.DType);
        if (weight is not null) others = others * weight.IndexSelect(0, labels.Squeeze(1)).Unsqueeze(1);
        return Reduce(((hinges * others).Sum(1) / classes).Reshape(target.Shape.Axes), reduction);
    }

    /// <summary>
    /// The hinge loss of several right classes: Σ max(0, 1 − x[right] + x[wrong]) over all pairs of a right and a wrong class, over the
    /// number of classes. Takes memory for all pairs of classes of each example.
    /// </summary>
    /// <param name="score">(N, classes) or (classes,).</param>
    /// <param name="target">1 for each class that is right and 0 for the others, of the same shape.</param>
    /// <param name="reduction">The reduction of the losses.</param>
    /// <exception cref="ArgumentException">A target is not from 0 to 1.</exception>
    public static Tensor MultiLabelMargin(Tensor score, Tensor target, Reduction reduction = Reduction.Mean)
    {
        const string op = "multi_label_margin";
        RequireClasses(op, score, target);
        target = target.To(DTypes.ComputeFloating(score.DType));
        var hinges = (1 - score.Unsqueeze(-1) + score.Unsqueeze(-2)).Relu();
        var pairs = target.Unsqueeze(-1) * (1 - target.Unsqueeze(-2));
        return Reduce((hinges * pairs).Sum([-2, -1]) / score.Shape[^1], reduction);
    }

    /// <summary>The binary cross-entropy of each class with its logits, as a mean over the classes.</summary>
    /// <param name="logits">(N, classes) or (classes,).</param>
    /// <param name="target">1 for each class that is right and 0 for the others, of the same shape.</param>
    /// <param name="weight">A factor for each class; or none.</param>
    /// <param name="reduction">The reduction of the losses.</param>
    /// <exception cref="ArgumentException">A target is not from 0 to 1.</exception>
    public static Tensor MultiLabelSoftMargin(
        Tensor logits, Tensor target, Tensor? weight = null, Reduction reduction = Reduction.Mean)
    {
        const string op = "multi_label_soft_margin";
        RequireClasses(op, logits, target);
        return Reduce(Weighted(op, Pairwise(op, new LogitEntropy(), logits, target), weight).Mean(-1), reduction);
    }

    private static void RequireClasses(string op, Tensor score, Tensor target)
    {
        if (score is { Rank: 0 }) throw new ArgumentException($"[{op}] the scores are a single number; they need an axis of classes.");
        RequireEqual(op, score, target, "score");
        Domain.Truth.Require(op, target);
    }
}

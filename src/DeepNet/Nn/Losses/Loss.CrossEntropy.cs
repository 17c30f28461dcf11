namespace DeepNet.Nn;

public static partial class Loss
{
    /// <summary>The label that is left out unless another one is named.</summary>
    public const int IgnoredLabel = -100;

    /// <summary>The cross-entropy of logits with classes: log-softmax and negative log-likelihood in one.</summary>
    /// <param name="logits">(N, classes), (N, classes, …) or (classes,); not yet softmaxed.</param>
    /// <param name="target">
    /// Labels, integers of the logits' shape without the axis of classes; or probabilities (one-hot or soft), floating and of the logits'
    /// shape.
    /// </param>
    /// <param name="weight">A weight for each class, a constant. The mean is then over the weights of the labels.</param>
    /// <param name="reduction">The reduction of the losses; with <see cref="Reduction.None"/> a loss for each label.</param>
    /// <param name="labelSmoothing">The share of the target that is spread evenly over all classes.</param>
    /// <param name="ignoreIndex">The label that does not count.</param>
    /// <exception cref="ArgumentException">A label is no class, or a probability is not from 0 to 1; or the shapes do not fit.</exception>
    public static Tensor CrossEntropy(
        Tensor logits, Tensor target, Tensor? weight = null, Reduction reduction = Reduction.Mean, double labelSmoothing = 0,
            int ignoreIndex = IgnoredLabel)
    {
        const string op = "cross_entropy";
        int axis = ClassAxis(op, logits, target);
        Check.Probability(op, labelSmoothing);
        if (!logits.DType.IsDifferentiable()) logits = logits.To(DTypes.ComputeFloating(logits.DType));
        int classes = logits.Shape[axis];
        weight = ClassWeights(op, weight, classes, logits);
        if (target.DType.IsFloating() && !target.Shape.Equals(logits.Shape) && IsWithout(target.Shape, logits.Shape, axis))
            throw new ArgumentException($"[{op}] the labels of shape {target.Shape} are {target.DType.Name()} and must be integers: use "
                + "target.To(DType.Int64). "
                + $"Probabilities of the classes, such as one-hot ones, have the shape of the logits, {logits.Shape}.");
        if (target.DType.IsFloating())
            return SoftCrossEntropy(op, logits.LogSoftmax(axis), target, axis, weight, reduction, labelSmoothing);

        RequireLabels(op, logits, target, axis);
        var labels = Labels.Of(op, target, classes, ignoreIndex, logits.Device, logits.DType);
        var counted = labels.SomeIgnored && labels.Counted?.DType == logits.DType ? labels.Counted : null;
        bool isMean = reduction == Reduction.Mean && weight is null && (!labels.SomeIgnored || counted is not null);
        var losses = Ops.CrossEntropy.Of(AsRows(logits, axis), labels.Dense, weight, labelSmoothing, ignoreIndex, isMean, counted);
        if (isMean) return losses;
        return ReduceLabelled(losses, labels, weight, ignoreIndex, reduction, target.Shape);
    }

    /// <summary>The negative log-likelihood of classes.</summary>
    /// <param name="logProbabilities">(N, classes), (N, classes, …) or (classes,): what LogSoftmax makes.</param>
    /// <param name="target">Labels, integers of the same shape without the axis of classes.</param>
    /// <param name="weight">A weight for each class, a constant. The mean is then over the weights of the labels.</param>
    /// <param name="reduction">The reduction of the losses.</param>
    /// <param name="ignoreIndex">The label that does not count.</param>
    public static Tensor Nll(
        Tensor logProbabilities, Tensor target, Tensor? weight = null, Reduction reduction = Reduction.Mean, int ignoreIndex = IgnoredLabel)
    {
        const string op = "nll";
        int axis = ClassAxis(op, logProbabilities, target);
        int classes = logProbabilities.Shape[axis];
        weight = ClassWeights(op, weight, classes, logProbabilities);
        RequireLabels(op, logProbabilities, target, axis);
        var labels = Labels.Of(op, target, classes, ignoreIndex, logProbabilities.Device, logProbabilities.DType);
        var losses = -Chosen(AsRows(logProbabilities, axis), labels, ignoreIndex);
        if (weight is not null || labels.SomeIgnored) losses = losses * LabelWeights(losses, labels, weight, ignoreIndex);
        return ReduceLabelled(losses, labels, weight, ignoreIndex, reduction, target.Shape);
    }

    // −Σ target · log-softmax, weighted by class.
    private static Tensor SoftCrossEntropy(
        string op, Tensor log, Tensor target, int axis, Tensor? weight, Reduction reduction, double labelSmoothing)
    {
        RequireEqual(op, log, target, "logits");
        Domain.Fraction.Require(op, target);
        if (labelSmoothing > 0) target = target * (1 - labelSmoothing) + labelSmoothing / log.Shape[axis];
        var terms = log * target;
        if (weight is not null)
            terms = terms * (log.Rank == 1 ? weight : weight.Reshape(Check.ChannelShape(weight.Shape[0], log.Rank)));
        return Reduce(-terms.Sum(axis), reduction);
    }

    private static Tensor ReduceLabelled(Tensor losses, Labels labels, Tensor? weight, int ignoreIndex, Reduction reduction, Shape shape)
    {
        if (reduction == Reduction.None) return losses.Reshape(shape.Axes);
        if (reduction != Reduction.Mean || (weight is null && !labels.SomeIgnored)) return Reduce(losses, reduction);
        if (weight is null && labels.Counted is { } counted && counted.DType == losses.DType) return losses.Sum() / counted;
        return losses.Sum() / LabelWeights(losses, labels, weight, ignoreIndex).Sum();
    }

    private static Tensor LabelWeights(Tensor losses, Labels labels, Tensor? weight, int ignoreIndex)
    {
        var counts = labels.Dense.NotEqual(ignoreIndex).To(losses.DType);
        return weight is null ? counts : weight.IndexSelect(0, Counted(labels, ignoreIndex)) * counts;
    }

    private static Tensor Chosen(Tensor rows, Labels labels, int ignoreIndex)
        => rows.Gather(1, Counted(labels, ignoreIndex).Unsqueeze(1)).Squeeze(1);

    private static Tensor Counted(Labels labels, int ignoreIndex)
        => labels.SomeIgnored ? Tensor.Where(labels.Dense.Equal(ignoreIndex), 0, labels.Dense) : labels.Dense;

    private static Tensor AsRows(Tensor x, int axis) => x.Rank switch
    {
        1 => x.Unsqueeze(0),
        2 => x,
        _ => x.MoveAxis(axis, -1).Reshape(-1, x.Shape[axis]),
    };

    private static int ClassAxis(string op, Tensor predictions, Tensor target)
    {
        ArgumentNullException.ThrowIfNull(predictions);
        ArgumentNullException.ThrowIfNull(target);
        if (predictions.Rank == 0)
            throw new ArgumentException($"[{op}] the predictions are a single number; they need an axis of classes.");
        return predictions.Rank == 1 ? 0 : 1;
    }

    private static void RequireLabels(string op, Tensor predictions, Tensor target, int axis)
    {
        if (IsWithout(target.Shape, predictions.Shape, axis)) return;
        var wanted = new Shape([.. predictions.Shape.Axes[..axis], .. predictions.Shape.Axes[(axis + 1)..]]);
        string hint = target.Count == wanted.Count ? $" Did you mean target.Reshape({string.Join(", ", wanted.Axes.ToArray())})?"
            : target.Shape.Equals(predictions.Shape) ? " One-hot targets must be floating: target.To(DType.Float32)." : "";
        throw new ArgumentException(
            $"[{op}] predictions {predictions.Shape} and labels {target.Shape}: with {predictions.Shape[axis]} classes on axis {axis} the "
                + $"labels must be {wanted}.{hint}");
    }

    /// <summary>True if a shape is another one without one of its axes.</summary>
    private static bool IsWithout(Shape shape, Shape from, int axis)
    {
        bool isEqual = shape.Rank == from.Rank - 1;
        for (int i = 0; isEqual && i < shape.Rank; i++) isEqual = shape[i] == from[i < axis ? i : i + 1];
        return isEqual;
    }

    private static Tensor? ClassWeights(string op, Tensor? weight, int classes, Tensor like)
    {
        if (weight is null) return null;
        if (weight.Rank != 1 || weight.Shape[0] != classes)
            throw new ArgumentException(
                $"[{op}] class weights of shape {weight.Shape} do not fit {classes} classes; they must be ({classes},).");
        return weight.Detach().To(like.DType).To(like.Device).Contiguous();
    }
}

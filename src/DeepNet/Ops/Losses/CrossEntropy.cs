namespace DeepNet.Ops;

/// <summary>
/// The cross-entropy of each row of logits with a class: log-softmax and the choice of the class in one pass, and one pass back.
/// Class weights are constants. The mean of the losses may be taken along, as one number.
/// </summary>
internal sealed class CrossEntropy : Operator, ISampled
{
    private readonly Tensor labels;
    private readonly Tensor? weights;
    private readonly CrossEntropyRule rule;
    private readonly bool isMean;
    private readonly Tensor? counted;
    private Tensor? sums;

    private CrossEntropy(Tensor labels, Tensor? weights, CrossEntropyRule rule, bool isMean, Tensor? counted)
        => (this.labels, this.weights, this.rule, this.isMean, this.counted) = (labels, weights, rule, isMean, counted);

    /// <param name="logits">(N, classes), float32 or float64.</param>
    /// <param name="labels">(N,), dense int64, checked.</param>
    /// <param name="weights">Dense, of the logits' type, or null.</param>
    /// <param name="smoothing">The share of the target that is spread over all classes.</param>
    /// <param name="ignoreIndex">The label of rows whose loss is 0.</param>
    /// <param name="mean">Whether to return the mean over all rows instead of a loss for each.</param>
    /// <param name="counted">How many rows the mean is over, of the logits' type and on their device; null for all.</param>
    public static Tensor Of(Tensor logits, Tensor labels, Tensor? weights, double smoothing, long ignoreIndex, bool mean = false, Tensor? counted = null)
    {
        double sum = smoothing == 0 ? 0 : weights is null ? logits.Shape[1] : weights.Sum().Item<double>();
        return new CrossEntropy(labels, weights, new(smoothing, ignoreIndex, sum), mean, counted).Apply(logits);
    }

    public override string Name => "cross_entropy";

    protected override Tensor Forward(ReadOnlySpan<Tensor> inputs)
    {
        var x = inputs[0].Contiguous();
        var losses = Tensor.Allocate(labels.Shape, x.DType, x.Device);
        sums = Tensor.Allocate(new Shape(x.Shape[0], 2), x.DType, x.Device);
        x.Device.CrossEntropy(x, labels, weights, rule, losses, sums);
        // A dense copy serves the kernel; derivatives of the derivative need the input itself.
        Save(0, inputs[0]);
        Save(1, labels);
        if (weights is not null) Save(2, weights);
        if (counted is not null) Save(3, counted);
        if (!isMean) return losses;
        var number = Tensor.Allocate(Shape.Scalar, x.DType, x.Device);
        x.Device.Mean(losses, counted, number);
        return number;
    }

    protected override void Vjp(Tensor gradient)
    {
        var (x, labels, weights) = (Saved(0), Saved(1), this.weights is null ? null : Saved(2));
        var counted = this.counted is null ? null : Saved(3);
        if (IsRecording)
        {
            var share = !isMean ? gradient.Unsqueeze(1) : counted is null ? gradient / (double)x.Shape[0] : gradient / counted;
            Give(0, share * Slope(x, Target(x, labels, weights)));
            return;
        }
        x = x.Contiguous();
        gradient = gradient.Contiguous();
        var buffer = TakeBuffer(0);
        var dx = buffer ?? Tensor.Allocate(x.Shape, x.DType, x.Device);
        if (isMean) x.Device.MeanCrossEntropyBackward(x, labels, weights, rule, sums!, counted, gradient, dx);
        else x.Device.CrossEntropyBackward(x, labels, weights, rule, sums!, gradient, dx);
        if (buffer is null) Give(0, dx);
    }

    // (the sum of the target) · softmax − target, with a target that carries the class weights.
    private static Tensor Slope(Tensor x, Tensor target) => x.Softmax(1) * target.Sum(1, keepDim: true) - target;

    private Tensor Target(Tensor x, Tensor labels, Tensor? weights)
    {
        int classes = x.Shape[1];
        var counts = labels.NotEqual(rule.IgnoreIndex);
        var target = Tensor.Where(counts, labels, 0).OneHot(classes, x.DType) * (1 - rule.Smoothing) + rule.Smoothing / classes;
        if (weights is not null)
        {
            // The smooth part is weighted by class, the other by the row's own, which comes to the same.
            target = target * weights;
        }
        return target * counts.To(x.DType).Unsqueeze(1);
    }

    public static IEnumerable<Sample> Samples =>
    [
        new("rows", x => Of(x[0], Labels.To(x[0].Device), null, 0, -100), Sample.Values(4, 5)),
        new("smoothed", x => Of(x[0], Labels.To(x[0].Device), null, 0.2, -100), Sample.Values(4, 5)),
        new("weights, smoothed, one ignored", x => Of(x[0], Labels.To(x[0].Device), Sample.Positive(5).To(x[0].DType).To(x[0].Device), 0.1, 3), Sample.Values(4, 5)),
        new("mean", x => Of(x[0], Labels.To(x[0].Device), null, 0, -100, mean: true), Sample.Values(4, 5)),
        new("mean, smoothed, one ignored", x => Of(x[0], Labels.To(x[0].Device), null, 0.2, 3, mean: true), Sample.Values(4, 5)),
        new("mean of some", x => Of(x[0], Labels.To(x[0].Device), null, 0.2, 3, mean: true, Tensor.Full(Shape.Scalar, 3, x[0].DType, x[0].Device)), Sample.Values(4, 5)),
        new("of a transpose", x => Of(x[0].T, Labels.To(x[0].Device), null, 0, -100), Sample.Values(5, 4)),
    ];

    private static Tensor Labels => Tensor.From<long>(0, 4, 3, 1);
}

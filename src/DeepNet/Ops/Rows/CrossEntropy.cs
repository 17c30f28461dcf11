namespace DeepNet.Ops;

/// <summary>
/// The cross-entropy of each row of logits with a class: log-softmax and the choice of the class in one pass, and one pass back.
/// Class weights are constants. The mean of the losses may be taken along, as one number.
/// </summary>
internal sealed class CrossEntropy : Operator, ISampled
{
    private readonly Tensor labels;
    private readonly Tensor? weights;
    private readonly Rule rule;
    private readonly bool isMean;
    private readonly Tensor? counted;
    private Tensor? sums;

    private CrossEntropy(Tensor labels, Tensor? weights, Rule rule, bool isMean, Tensor? counted)
        => (this.labels, this.weights, this.rule, this.isMean, this.counted) = (labels, weights, rule, isMean, counted);

    /// <param name="logits">(N, classes), float32 or float64.</param>
    /// <param name="labels">(N,), dense int64, checked.</param>
    /// <param name="weights">Dense, of the logits' type, or null.</param>
    /// <param name="smoothing">The share of the target that is spread over all classes.</param>
    /// <param name="ignoreIndex">The label of rows whose loss is 0.</param>
    /// <param name="mean">Whether to return the mean over all rows instead of a loss for each.</param>
    /// <param name="counted">How many rows the mean is over, of the logits' type and on their device; null for all.</param>
    public static Tensor Of(
        Tensor logits, Tensor labels, Tensor? weights, double smoothing, long ignoreIndex, bool mean = false, Tensor? counted = null)
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
        var on = Operands(x, losses, labels, weights) with { Saved = sums };
        if (rule.Smoothing == 0) x.Kernels.Rows(default(MaxFold), default(LogExpFold), default(Loss), on);
        else x.Kernels.Rows(default(MaxAndSumFold), default(LogExpFold), new SmoothLoss(rule, x.Shape[1]), on);
        // A dense copy serves the kernel; derivatives of the derivative need the input itself.
        Save(0, inputs[0]);
        Save(1, labels);
        if (weights is not null) Save(2, weights);
        if (counted is not null) Save(3, counted);
        if (!isMean) return losses;
        var number = Tensor.Allocate(Shape.Scalar, x.DType, x.Device);
        x.Kernels.Reduce(new Identity(), new AddUp(), losses, number);
        var overAll = new WithRight<Div>(default, (double)losses.Count);
        if (counted is not null) x.Kernels.Zip(new Div(), number, counted, number);
        else if (x.Device is CpuDevice && !Listener.IsOn) CpuDevice.MapHere(overAll, number, number);
        else x.Kernels.Map(overAll, number, number);
        return number;
    }

    protected override void Vjp(Tensor gradient)
    {
        var (x, labels, weights) = (Saved(0), Saved(1), this.weights is null ? null : Saved(2));
        var counted = this.counted is null ? null : Saved(3);
        if (IsRecording)
        {
            var share = !isMean ? gradient.Unsqueeze(1) : counted is null ? gradient / (double)x.Shape[0] : gradient / counted;
            Give(0, share * Recorded(x, TargetOf(x, labels, weights)));
            return;
        }
        x = x.Contiguous();
        gradient = gradient.Contiguous();
        var buffer = TakeBuffer(0);
        var dx = buffer ?? Tensor.Allocate(x.Shape, x.DType, x.Device);
        var on = Operands(x, dx, labels, weights) with { Given = sums, Gradient = gradient, IsMean = isMean, Counted = counted };
        var target = new Target(rule, x.Shape[1]);
        if (rule.Smoothing == 0) x.Kernels.Rows(default(NoFold), default(NoFold), new Gradient(target), on);
        else x.Kernels.Rows(default(NoFold), default(NoFold), new SmoothGradient(target), on);
        if (buffer is null) Give(0, dx);
    }

    private RowOperands Operands(Tensor x, Tensor y, Tensor labels, Tensor? weights)
        => new(x, y, x.Shape[0], x.Shape[1]) { Labels = labels, IgnoreIndex = rule.IgnoreIndex, W = weights ?? SmoothWeights(x) };

    // The formulas of smoothed targets read a weight of each class.
    private Tensor? SmoothWeights(Tensor x) => rule.Smoothing == 0 ? null : Tensor.Full(new Shape(x.Shape[1]), 1, x.DType, x.Device);

    // (the sum of the target) · softmax − target, with a target that carries the class weights.
    private static Tensor Recorded(Tensor x, Tensor target) => x.Softmax(1) * target.Sum(1, keepDim: true) - target;

    private Tensor TargetOf(Tensor x, Tensor labels, Tensor? weights)
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
        new("weights, smoothed, one ignored",
            x => Of(x[0], Labels.To(x[0].Device), Sample.Positive(5).To(x[0].DType).To(x[0].Device), 0.1, 3), Sample.Values(4, 5)),
        new("mean", x => Of(x[0], Labels.To(x[0].Device), null, 0, -100, mean: true), Sample.Values(4, 5)),
        new("mean, smoothed, one ignored", x => Of(x[0], Labels.To(x[0].Device), null, 0.2, 3, mean: true), Sample.Values(4, 5)),
        new("mean of some",
            x => Of(x[0], Labels.To(x[0].Device), null, 0.2, 3, mean: true, Tensor.Full(Shape.Scalar, 3, x[0].DType, x[0].Device)),
            Sample.Values(4, 5)),
        new("of a transpose", x => Of(x[0].T, Labels.To(x[0].Device), null, 0, -100), Sample.Values(5, 4)),
    ];

    private static Tensor Labels => Tensor.From<long>(0, 4, 3, 1);

    /// <summary>Specifies the treatment of labels.</summary>
    /// <param name="Smoothing">The share of the target that is spread evenly over all classes.</param>
    /// <param name="IgnoreIndex">The label of rows that do not count.</param>
    /// <param name="WeightSum">The sum of the weights of all classes.</param>
    internal readonly record struct Rule(double Smoothing, long IgnoreIndex, double WeightSum);

    /// <summary>The largest logit, and in P the sum of all, each times the weight of its class.</summary>
    internal readonly struct MaxAndSumFold : IRowFold<MaxAndSumFold>, IReadsX, IReadsW, ITwoSums
    {
        [MethodImpl(AggressiveInlining)]
        public static V Term<V>(MaxAndSumFold fold, in RowElement<V> e, in RowState<V> k) where V : INumber<V> => e.X;
        [MethodImpl(AggressiveInlining)]
        public static void Add<V>(MaxAndSumFold fold, in RowElement<V> e, in RowState<V> k, ref V a, ref V b, ref V c)
            where V : INumber<V>
        {
            a = MaxFold.Combine(a, e.X);
            b = V.Fma(e.X, e.W, b);
        }
        [MethodImpl(AggressiveInlining)]
        public static V Neutral<V>() where V : INumber<V> => MaxFold.Neutral<V>();
        [MethodImpl(AggressiveInlining)]
        public static V Combine<V>(V a, V b) where V : INumber<V> => MaxFold.Combine(a, b);
        [MethodImpl(AggressiveInlining)]
        public static T Across<V, T>(V v) where V : unmanaged, ISimd<V, T> where T : unmanaged => MaxFold.Across<V, T>(v);
        [MethodImpl(AggressiveInlining)]
        public static void Close<V>(MaxAndSumFold fold, in RowSums<V> sums, V n, ref RowState<V> k) where V : INumber<V>
            => (k.A, k.P) = (sums.A, sums.B);
    }

    /// <summary>ln Σ e^x less the logit of the label, times its weight.</summary>
    internal readonly struct Loss : IRowMap<Loss>, IResult, ILabelled
    {
        [MethodImpl(AggressiveInlining)]
        public static V Of<V>(Loss map, in RowElement<V> e, in RowState<V> k) where V : INumber<V> => (k.A - e.X + k.B) * e.W;
    }

    /// <summary>The same with a share of the mean over all classes.</summary>
    internal readonly struct SmoothLoss(Rule rule, int classes) : IRowMap<SmoothLoss>, IResult, ILabelled
    {
        private readonly Setting smoothing = new(rule.Smoothing), weightSum = new(rule.WeightSum), classes = new(classes);

        [MethodImpl(AggressiveInlining)]
        public static V Of<V>(SmoothLoss map, in RowElement<V> e, in RowState<V> k) where V : INumber<V>
        {
            V loss = (k.A - e.X + k.B) * e.W, total = V.Constant(map.weightSum);
            V even = (k.A * total - k.P + k.B * total) / V.Constant(map.classes);
            return loss + (even - loss) * V.Constant(map.smoothing);
        }
    }

    /// <summary>
    /// What the gradient g·((the sum of the target)·softmax − target) of a row needs: in P g times that sum, in Q the part of every class
    /// in g times the target, and in R that of the label.
    /// </summary>
    internal readonly struct Target(Rule rule, int classes)
    {
        private readonly Setting sharp = new(1 - rule.Smoothing), weightSum = new(rule.WeightSum);
        private readonly Setting even = new(classes == 0 ? 0 : rule.Smoothing / classes);

        [MethodImpl(AggressiveInlining)]
        public void Prepare<V>(in RowGiven<V> given, ref RowState<V> k) where V : INumber<V>
        {
            k.Q = given.G * V.Constant(even);
            k.R = given.G * V.Constant(sharp) * given.W;
            k.P = k.R + k.Q * V.Constant(weightSum);
        }
    }

    internal readonly struct Gradient(Target target) : IRowMap<Gradient>, IReadsX, ILabelled
    {
        private readonly Target target = target;

        [MethodImpl(AggressiveInlining)]
        public static void Prepare<V>(Gradient map, in RowGiven<V> given, V n, ref RowState<V> k) where V : INumber<V>
            => map.target.Prepare(given, ref k);
        [MethodImpl(AggressiveInlining)]
        public static V Of<V>(Gradient map, in RowElement<V> e, in RowState<V> k) where V : INumber<V> => V.Exp(e.X - k.A - k.B) * k.P;
        [MethodImpl(AggressiveInlining)]
        public static V AtLabel<V>(Gradient map, V y, in RowState<V> k) where V : INumber<V> => y - k.R;
    }

    internal readonly struct SmoothGradient(Target target) : IRowMap<SmoothGradient>, IReadsX, IReadsW, ILabelled
    {
        private readonly Target target = target;

        [MethodImpl(AggressiveInlining)]
        public static void Prepare<V>(SmoothGradient map, in RowGiven<V> given, V n, ref RowState<V> k) where V : INumber<V>
            => map.target.Prepare(given, ref k);
        [MethodImpl(AggressiveInlining)]
        public static V Of<V>(SmoothGradient map, in RowElement<V> e, in RowState<V> k) where V : INumber<V>
            => V.Exp(e.X - k.A - k.B) * k.P - k.Q * e.W;
        [MethodImpl(AggressiveInlining)]
        public static V AtLabel<V>(SmoothGradient map, V y, in RowState<V> k) where V : INumber<V> => y - k.R;
    }
}

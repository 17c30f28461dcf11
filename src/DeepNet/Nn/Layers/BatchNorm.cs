namespace DeepNet.Nn;

/// <summary>
/// Brings each channel to mean 0 and variance 1, then scales and shifts it by learned numbers: by the statistics of the batch
/// while training, by running ones while evaluating.
/// </summary>
public abstract class BatchNorm : Layer
{
    private readonly Parameter? weight, bias;
    [StateName("running_mean")]
    private readonly StateBuffer? runningMean;
    [StateName("running_var")]
    private readonly StateBuffer? runningVariance;
    [StateName("num_batches_tracked")]
    private readonly StateBuffer? batches;
    private readonly string op;

    /// <summary>Makes the layer.</summary>
    /// <param name="op">Its name in errors.</param>
    /// <param name="features">How many channels there are.</param>
    /// <param name="epsilon">What is added to variances.</param>
    /// <param name="momentum">The share of a batch in the running statistics; null for the mean over all batches.</param>
    /// <param name="affine">True to scale and shift.</param>
    /// <param name="trackRunningStats">False to use the statistics of the batch while evaluating too.</param>
    private protected BatchNorm(string op, int features, double epsilon, double? momentum, bool affine, bool trackRunningStats)
    {
        Check.Positive(op, nameof(features), features);
        (this.op, Features, Epsilon, Momentum) = (op, features, epsilon, momentum);
        var shape = new Shape(features);
        if (affine) (weight, bias) = (new Parameter(Tensor.Ones(shape)), new Parameter(Tensor.Zeros(shape)));
        if (trackRunningStats)
        {
            (runningMean, runningVariance) = (new StateBuffer(Tensor.Zeros(shape)), new StateBuffer(Tensor.Ones(shape)));
            batches = new StateBuffer(Tensor.Zeros(Shape.Scalar, DType.Int64));
        }
    }

    /// <summary>Gets the number of channels.</summary>
    public int Features { get; }

    /// <summary>Gets the number that is added to variances.</summary>
    public double Epsilon { get; }

    /// <summary>The share of a batch in the running statistics; null for the mean over all batches.</summary>
    public double? Momentum { get; set; }

    /// <summary>The scales; null without them.</summary>
    public Parameter? Weight => weight;

    /// <summary>The shifts; null without them.</summary>
    public Parameter? Bias => bias;

    /// <summary>The running means; null if they are not kept.</summary>
    public StateBuffer? RunningMean => runningMean;

    /// <summary>The running variances, unbiased; null if they are not kept.</summary>
    public StateBuffer? RunningVariance => runningVariance;

    /// <summary>
    /// Gets or sets the sum of a vector over the processes that share a batch, with a derivative: the statistics are then those of their
    /// whole batch. Null for those of what the layer sees.
    /// </summary>
    internal Func<Tensor, Tensor>? SumOfAll { get; set; }

    /// <inheritdoc/>
    protected override Tensor Compute(Tensor x)
    {
        CheckInput(x.Shape);
        x = x.To(DTypes.ComputeFloating(x.DType));
        if (IsTraining && SumOfAll is { } sum) return OfAll(x, sum);
        return IsTraining || runningMean is null ? OfBatch(x) : Running.Apply(x, weight, bias, Epsilon);
    }

    private protected abstract void CheckInput(Shape x);

    private Tensor OfBatch(Tensor x)
    {
        int outer = x.Shape[0], inner = Features == 0 || outer == 0 ? 0 : (int)(x.Count / outer / Features);
        long count = (long)outer * inner;
        if (count <= 1 && IsTraining)
            throw new ArgumentException(
                $"[{op}] {x.Shape} has {(count == 0 ? "no value" : "one value")} for each channel, which has no variance: train with "
                + "larger batches, or call Eval() to use the running statistics.");
        var y = Ops.Normalize.Of(
            x, new(outer, Features, inner, true, false), weight?.Value, bias?.Value, Epsilon, out var mean, out var variance);
        if (IsTraining && runningMean is not null) Running.Track(mean, variance, count);
        return y;
    }

    // Two sums, one after the other: squares of what is far from zero would lose the variance.
    private Tensor OfAll(Tensor x, Func<Tensor, Tensor> sum)
    {
        int[] axes = [.. Enumerable.Range(0, x.Rank).Where(a => a != 1)], wide = Check.ChannelShape(Features, x.Rank);
        var own = Tensor.Full([1], (double)x.Count / Features, x.DType, x.Device);
        var sums = sum(Tensor.Cat([x.Sum(axes), own]));
        double count = sums[Features].Item<double>();
        var mean = sums.Narrow(0, 0, Features) / count;
        var centred = x - mean.Reshape(wide);
        var variance = sum(centred.Square().Sum(axes)) / count;
        var y = centred / (variance + Epsilon).Sqrt().Reshape(wide);
        if (runningMean is not null) Running.Track(mean.Detach(), variance.Detach(), (long)count);
        if (weight is not null) y = y * weight.Value.Reshape(wide);
        return bias is null ? y : y + bias.Value.Reshape(wide);
    }

    /// <summary>
    /// True if the layer, as it is set now, does no more to the result of a convolution with that weight than to scale and shift its
    /// channels.
    /// </summary>
    internal bool CanFoldInto(Tensor convolution)
        => !IsTraining && runningMean is not null && convolution.Shape[0] == Features && convolution.DType >= DType.Float32
        && runningMean.Value.DType == convolution.DType;

    /// <summary>Weight and bias of a convolution that computes what this layer makes of another's result.</summary>
    internal (Tensor Weight, Tensor Bias) FoldInto(Tensor convolution, Tensor? offset)
    {
        var (scale, shift) = Running.ScaleAndShift(weight, bias, Epsilon);
        return (convolution * scale.Reshape(Features, 1, 1, 1), offset is null ? shift : offset * scale + shift);
    }

    private RunningStatistics Running => new(runningMean!, runningVariance!, batches!, Momentum);

    /// <inheritdoc/>
    public override string Description => $"{GetType().Name}({Features})";
}

/// <summary>Batch normalisation of (N, C) or (N, C, L).</summary>
public sealed class BatchNorm1d : BatchNorm
{
    /// <summary>Makes the layer.</summary>
    /// <param name="features">How many channels there are.</param>
    /// <param name="epsilon">What is added to variances.</param>
    /// <param name="momentum">The share of a batch in the running statistics; null for the mean over all batches.</param>
    /// <param name="affine">True to scale and shift.</param>
    /// <param name="trackRunningStats">False to use the statistics of the batch while evaluating too.</param>
    public BatchNorm1d(int features, double epsilon = 1e-5, double? momentum = 0.1, bool affine = true, bool trackRunningStats = true)
        : base("batch_norm1d", features, epsilon, momentum, affine, trackRunningStats) { }

    private protected override void CheckInput(Shape x) => Check.Channels("batch_norm1d", x, Features, x.Rank == 3 ? 3 : 2);
}

/// <summary>Batch normalisation of images (N, C, H, W).</summary>
public sealed class BatchNorm2d : BatchNorm
{
    /// <inheritdoc cref="BatchNorm1d(int, double, double?, bool, bool)"/>
    public BatchNorm2d(int features, double epsilon = 1e-5, double? momentum = 0.1, bool affine = true, bool trackRunningStats = true)
        : base("batch_norm2d", features, epsilon, momentum, affine, trackRunningStats) { }

    private protected override void CheckInput(Shape x) => Check.Channels("batch_norm2d", x, Features, 4);
}

/// <summary>Batch normalisation of volumes (N, C, D, H, W).</summary>
public sealed class BatchNorm3d : BatchNorm
{
    /// <inheritdoc cref="BatchNorm1d(int, double, double?, bool, bool)"/>
    public BatchNorm3d(int features, double epsilon = 1e-5, double? momentum = 0.1, bool affine = true, bool trackRunningStats = true)
        : base("batch_norm3d", features, epsilon, momentum, affine, trackRunningStats) { }

    private protected override void CheckInput(Shape x) => Check.Channels("batch_norm3d", x, Features, 5);
}

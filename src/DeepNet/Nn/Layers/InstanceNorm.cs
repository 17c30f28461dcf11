namespace DeepNet.Nn;

/// <summary>
/// Brings each channel of each sample (N, C, …) to mean 0 and variance 1; scales and shifts it if asked to. If it keeps running
/// statistics, it evaluates by those.
/// </summary>
public sealed class InstanceNorm : Layer
{
    private readonly int channels;
    private readonly double epsilon;
    private readonly double? momentum;
    private readonly Parameter? weight, bias;
    [StateName("running_mean")]
    private readonly StateBuffer? runningMean;
    [StateName("running_var")]
    private readonly StateBuffer? runningVariance;
    [StateName("num_batches_tracked")]
    private readonly StateBuffer? batches;

    /// <summary>Makes the layer.</summary>
    /// <param name="channels">How many channels there are.</param>
    /// <param name="epsilon">What is added to variances.</param>
    /// <param name="affine">True to scale and shift.</param>
    /// <param name="trackRunningStats">True to keep running statistics while training, and to evaluate by them.</param>
    /// <param name="momentum">The share of a batch in the running statistics; null for the mean over all batches.</param>
    public InstanceNorm(int channels, double epsilon = 1e-5, bool affine = false, bool trackRunningStats = false, double? momentum = 0.1)
    {
        Check.Positive("instance_norm", nameof(channels), channels);
        (this.channels, this.epsilon, this.momentum) = (channels, epsilon, momentum);
        if (affine) (weight, bias) = (new Parameter(Tensor.Ones(channels)), new Parameter(Tensor.Zeros(channels)));
        if (!trackRunningStats) return;
        (runningMean, runningVariance) = (new StateBuffer(Tensor.Zeros(channels)), new StateBuffer(Tensor.Ones(channels)));
        batches = new StateBuffer(Tensor.Zeros(Shape.Scalar, DType.Int64));
    }

    /// <summary>The scales of the channels; null without them.</summary>
    public Parameter? Weight => weight;

    /// <summary>The shifts of the channels; null without them.</summary>
    public Parameter? Bias => bias;

    /// <summary>The running means; null if they are not kept.</summary>
    public StateBuffer? RunningMean => runningMean;

    /// <summary>The running variances, unbiased; null if they are not kept.</summary>
    public StateBuffer? RunningVariance => runningVariance;

    /// <inheritdoc/>
    protected override Tensor Compute(Tensor x)
    {
        if (x.Rank < 3 || x.Shape[1] != channels)
            throw new ArgumentException($"[instance_norm] expects (N, {channels}, L) or (N, {channels}, H, W), got {x.Shape}.");
        if (runningMean is null) return GroupNorm.OfGroups(x, channels, epsilon, weight, bias);
        var running = new RunningStatistics(runningMean, runningVariance!, batches!, momentum);
        if (!IsTraining) return running.Apply(x.To(DTypes.ComputeFloating(x.DType)), weight, bias, epsilon);
        int samples = x.Shape[0];
        nint count = samples == 0 ? 0 : x.Count / samples / channels;
        if (count <= 1)
            throw new ArgumentException(
                $"[instance_norm] {x.Shape} has {(count == 0 ? "no value" : "one value")} for each channel of a sample, which has no "
                + "variance to remember: train with larger inputs, or without trackRunningStats.");
        var y = GroupNorm.OfGroups(x, channels, epsilon, weight, bias, out var mean, out var variance);
        using (GradSwitch.Off())
            running.Track(OverSamples(mean), OverSamples(variance), count);
        return y;

        Tensor OverSamples(Tensor statistic) => statistic.Reshape(samples, channels).Mean(0);
    }

    /// <inheritdoc/>
    public override string Description => $"InstanceNorm({channels})";
}

namespace DeepNet.Nn;

/// <summary>
/// Brings groups of channels of each sample (N, C, …) to mean 0 and variance 1, then scales and shifts each channel by learned numbers.
/// </summary>
public sealed class GroupNorm : Layer
{
    private readonly int groups, channels;
    private readonly double epsilon;
    private readonly Parameter? weight, bias;

    /// <summary>Makes the layer.</summary>
    public GroupNorm(int groups, int channels, double epsilon = 1e-5, bool affine = true)
    {
        Check.Positive("group_norm", nameof(groups), groups);
        Check.Positive("group_norm", nameof(channels), channels);
        if (channels % groups != 0)
            throw new ArgumentException($"[group_norm] {channels} channels do not make {groups} groups of one size.");
        (this.groups, this.channels, this.epsilon) = (groups, channels, epsilon);
        if (affine) (weight, bias) = (new Parameter(Tensor.Ones(channels)), new Parameter(Tensor.Zeros(channels)));
    }

    /// <summary>The scales of the channels; null without them.</summary>
    public Parameter? Weight => weight;

    /// <summary>The shifts of the channels; null without them.</summary>
    public Parameter? Bias => bias;

    /// <inheritdoc/>
    protected override Tensor Compute(Tensor x)
    {
        if (x.Rank < 2 || x.Shape[1] != channels) throw new ArgumentException($"[group_norm] expects (N, {channels}, ...), got {x.Shape}.");
        return OfGroups(x, groups, epsilon, weight, bias);
    }

    internal static Tensor OfGroups(Tensor x, int groups, double epsilon, Parameter? weight, Parameter? bias)
        => OfGroups(x, groups, epsilon, weight, bias, out _, out _);

    internal static Tensor OfGroups(
        Tensor x, int groups, double epsilon, Parameter? weight, Parameter? bias, out Tensor mean, out Tensor variance)
    {
        x = x.To(DTypes.ComputeFloating(x.DType));
        int rows = x.Shape[0] * groups, inner = rows == 0 ? 0 : (int)(x.Count / rows);
        var y = Ops.Normalize.Of(x, new(1, rows, inner, true, false), null, null, epsilon, out mean, out variance);
        if (weight is null) return y;
        int[] wide = Check.ChannelShape(x.Shape[1], x.Rank);
        return y * weight.Value.Reshape(wide) + bias!.Value.Reshape(wide);
    }

    /// <inheritdoc/>
    public override string Description => $"GroupNorm({groups}, {channels})";
}

namespace DeepNet.Nn;

/// <summary>x where positive, else slope·x, with a slope that is learned: one for all, or one per channel (axis 1).</summary>
public sealed class PRelu : Layer
{
    private readonly Parameter weight;

    /// <summary>Makes the layer.</summary>
    /// <param name="slopes">1, or the number of channels.</param>
    /// <param name="initial">Where the slopes begin.</param>
    public PRelu(int slopes = 1, double initial = 0.25)
    {
        Check.Positive("prelu", nameof(slopes), slopes);
        weight = new Parameter(Tensor.Full(new Shape(slopes), initial));
    }

    /// <summary>The slopes.</summary>
    public Parameter Weight => weight;

    /// <inheritdoc/>
    protected override Tensor Compute(Tensor x)
    {
        int slopes = weight.Shape[0];
        var slope = weight.Value;
        if (slopes > 1)
        {
            if (x.Rank < 2 || x.Shape[1] != slopes)
                throw new ArgumentException($"[prelu] expects {slopes} channels on axis 1, got {x.Shape}.");
            slope = slope.Reshape(Check.ChannelShape(slopes, x.Rank));
        }
        return x.Clamp(min: 0) + slope * x.Clamp(max: 0);
    }
}

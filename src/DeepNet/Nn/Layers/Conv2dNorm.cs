namespace DeepNet.Nn;

/// <summary>A convolution, the batch normalisation of its result, and an activation.</summary>
/// <remarks>
/// While evaluating, the normalisation is folded into the convolution: its scale into the weights, its shift into the bias. Derivatives are
/// those of the layers apart.
/// </remarks>
public sealed class Conv2dNorm : Layer
{
    private readonly Conv2d conv;
    private readonly BatchNorm2d norm;
    private readonly Activation? activation;

    /// <summary>Makes the layer with PyTorch's defaults; the convolution has no bias, since the normalisation has one.</summary>
    public Conv2dNorm(
        int inChannels, int outChannels, Pair kernel, Pair? stride = null, Padding padding = default, Pair? dilation = null, int groups = 1,
        Generator? generator = null, Activation? activation = null)
        : this(
            new Conv2d(inChannels, outChannels, kernel, stride, padding, dilation, groups, bias: false, generator),
            new BatchNorm2d(outChannels), activation)
    {
    }

    /// <summary>Makes the layer of a convolution without activation and a normalisation of its channels.</summary>
    public Conv2dNorm(Conv2d conv, BatchNorm2d norm, Activation? activation = null)
    {
        ArgumentNullException.ThrowIfNull(conv);
        ArgumentNullException.ThrowIfNull(norm);
        if (norm.Features != conv.OutChannels)
            throw new ArgumentException($"[conv2d_norm] {norm} does not fit {conv}: it must be BatchNorm2d({conv.OutChannels}).");
        if (conv.Activation is not null)
            throw new ArgumentException($"[conv2d_norm] {conv} has an activation before the normalisation: give it to the Conv2dNorm.");
        (this.conv, this.norm, this.activation) = (conv, norm, activation);
    }

    /// <summary>Gets the convolution.</summary>
    public Conv2d Conv => conv;

    /// <summary>Gets the normalisation.</summary>
    public BatchNorm2d Norm => norm;

    /// <summary>Gets what is applied last; null if there is nothing.</summary>
    public Activation? Activation => activation;

    /// <inheritdoc/>
    protected override Tensor Compute(Tensor x) => Apply(conv, norm, x, activation);

    /// <summary>
    /// Computes the activation of the normalised convolution plus a residual, as the last layer of a residual block does:
    /// <c>(y + residual).Relu()</c>, in one pass while evaluating without a record.
    /// </summary>
    /// <param name="x">The images.</param>
    /// <param name="residual">What is added, of the output's shape.</param>
    public Tensor Forward(Tensor x, Tensor residual)
    {
        ArgumentNullException.ThrowIfNull(residual);
        return Locate(x, () => Apply(conv, norm, x, activation, residual));
    }

    /// <summary>
    /// Computes a convolution, the normalisation of its result, and an activation, for a model that holds the layers under names of its
    /// own.
    /// </summary>
    /// <param name="conv">The convolution; its own activation, if it has one, comes before the normalisation.</param>
    /// <param name="norm">The normalisation of its channels.</param>
    /// <param name="x">The images.</param>
    /// <param name="activation">What is applied last, or nothing.</param>
    /// <param name="residual">What is added before the activation, or nothing.</param>
    public static Tensor Apply(Conv2d conv, BatchNorm2d norm, Tensor x, Activation? activation = null, Tensor? residual = null)
    {
        ArgumentNullException.ThrowIfNull(conv);
        ArgumentNullException.ThrowIfNull(norm);
        ArgumentNullException.ThrowIfNull(x);
        // A single image is nothing that a normalisation takes: that it says itself.
        if (conv.IsWatched || norm.IsWatched || x.Rank != 4 || conv.Activation is not null || !norm.CanFoldInto(conv.Weight.Value))
        {
            var y = norm.Forward(conv.Forward(x));
            if (residual is not null) y += residual;
            return activation is null ? y : activation.Forward(y);
        }
        var (weight, bias) = norm.FoldInto(conv.Weight.Value, conv.Bias?.Value);
        return conv.Compute(x, weight, bias, activation, residual);
    }
}

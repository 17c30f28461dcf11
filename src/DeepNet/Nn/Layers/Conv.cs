namespace DeepNet.Nn;

/// <summary>The base class of convolutions: a weight, a bias, and the stride, padding and dilation.</summary>
public abstract class Convolution : Layer
{
    private readonly Parameter weight;
    private readonly Parameter? bias;
    private readonly Activation? activation;

    /// <param name="op">The name in errors.</param>
    /// <param name="inChannels">Channels of the input.</param>
    /// <param name="outChannels">Channels of the output.</param>
    /// <param name="groups">Into how many groups they are split.</param>
    /// <param name="kernel">The lengths of the kernel.</param>
    /// <param name="isTransposed">True for weights that are (in, out / groups, kernel…).</param>
    /// <param name="hasBias">True for a bias.</param>
    /// <param name="generator">The source of the starting values.</param>
    /// <param name="activation">What is applied to the sums, or none.</param>
    private protected Convolution(
        string op, int inChannels, int outChannels, int groups, int[] kernel, bool isTransposed, bool hasBias, Generator? generator,
        Activation? activation = null)
    {
        Check.Positive(op, nameof(inChannels), inChannels);
        Check.Positive(op, nameof(outChannels), outChannels);
        Check.Positive(op, nameof(groups), groups);
        if (inChannels % groups != 0 || outChannels % groups != 0)
            throw new ArgumentException($"[{op}] {inChannels} and {outChannels} channels are not both multiples of {groups} groups.");
        (InChannels, OutChannels, Groups, this.activation) = (inChannels, outChannels, groups, activation);
        int[] channels = isTransposed ? [inChannels, outChannels / groups] : [outChannels, inChannels / groups];
        // The fan-in as PyTorch counts it: of the second axis, for transposed ones too.
        int fan = channels[1] * kernel.Aggregate(1, (product, k) => product * k);
        weight = new Parameter(Init.Default(Tensor.Empty(new Shape([.. channels, .. kernel])), fan, generator));
        if (hasBias) bias = new Parameter(Init.Default(Tensor.Empty(new Shape(outChannels)), fan, generator));
    }

    /// <summary>Channels of the input.</summary>
    public int InChannels { get; }

    /// <summary>Channels of the output.</summary>
    public int OutChannels { get; }

    /// <summary>Into how many groups the channels are split.</summary>
    public int Groups { get; }

    /// <summary>The kernels.</summary>
    public Parameter Weight => weight;

    /// <summary>One number per output channel; null if there is none.</summary>
    public Parameter? Bias => bias;

    /// <summary>Gets what is applied to the sums; null if there is nothing.</summary>
    public Activation? Activation => activation;

    /// <inheritdoc/>
    protected internal override long CountFlops(Shape input, Shape output)
    {
        ArgumentNullException.ThrowIfNull(input);
        ArgumentNullException.ThrowIfNull(output);
        // Each element of the output sums over a kernel; transposed, each of the input spreads over one.
        bool isTransposed = this is ConvTranspose1d or ConvTranspose2d or ConvTranspose3d;
        long perElement = weight.Shape.Count / weight.Shape[0],
            terms = (isTransposed ? (long)input.Count : (long)output.Count) * perElement;
        return 2 * terms - (bias is null ? (long)output.Count : 0);
    }

    /// <inheritdoc/>
    public override string Description
    {
        get
        {
            string kernel = string.Join("×", weight.Shape.Axes[2..].ToArray());
            return $"{GetType().Name}({InChannels}, {OutChannels}, kernel: {kernel}{Activation.Suffix(activation)})";
        }
    }
}

/// <summary>One-dimensional convolution of signals (N, C, L).</summary>
public sealed class Conv1d : Convolution
{
    private readonly int stride, dilation;
    private readonly Padding padding;

    /// <summary>Makes the layer with PyTorch's defaults.</summary>
    public Conv1d(
        int inChannels, int outChannels, int kernel, int stride = 1, Padding padding = default, int dilation = 1, int groups = 1,
        bool bias = true, Generator? generator = null, Activation? activation = null)
        : base("conv1d", inChannels, outChannels, groups, [kernel], isTransposed: false, bias, generator, activation)
        => (this.stride, this.padding, this.dilation) = (stride, padding, dilation);

    /// <inheritdoc/>
    protected override Tensor Compute(Tensor x)
    {
        if (x.Rank != 2) Check.Channels("conv1d", x.Shape, InChannels, 3);
        return Activation.Finish(x.Conv1d(Weight.Value, Bias?.Value, stride, padding, dilation, Groups, Activation?.Fused), Activation);
    }
}

/// <summary>Two-dimensional convolution of images (N, C, H, W).</summary>
public sealed class Conv2d : Convolution
{
    private readonly Pair stride, dilation;
    private readonly Padding padding;

    /// <summary>Makes the layer with PyTorch's defaults.</summary>
    public Conv2d(
        int inChannels, int outChannels, Pair kernel, Pair? stride = null, Padding padding = default, Pair? dilation = null, int groups = 1,
        bool bias = true, Generator? generator = null, Activation? activation = null)
        : base("conv2d", inChannels, outChannels, groups, [kernel.Height, kernel.Width], isTransposed: false, bias, generator, activation)
        => (this.stride, this.padding, this.dilation) = (stride ?? 1, padding, dilation ?? 1);

    /// <inheritdoc/>
    protected override Tensor Compute(Tensor x) => Compute(x, Weight.Value, Bias?.Value, Activation);

    /// <summary>The same with other numbers in place of the layer's, and a residual that is added before the activation.</summary>
    internal Tensor Compute(Tensor x, Tensor weight, Tensor? bias, Activation? activation, Tensor? residual = null)
    {
        if (x.Rank != 3) Check.Channels("conv2d", x.Shape, InChannels, 4);
        var y = Convolutions.Convolve("conv2d", x, weight, bias, stride, padding, dilation, Groups, activation?.Fused, residual);
        return Activation.Finish(y, activation);
    }
}

/// <summary>Three-dimensional convolution of volumes (N, C, D, H, W).</summary>
public sealed class Conv3d : Convolution
{
    private readonly Triple stride, padding, dilation;

    /// <summary>Makes the layer with PyTorch's defaults.</summary>
    public Conv3d(
        int inChannels, int outChannels, Triple kernel, Triple? stride = null, Triple? padding = null, Triple? dilation = null,
        int groups = 1, bool bias = true, Generator? generator = null, Activation? activation = null)
        : base(
            "conv3d", inChannels, outChannels, groups, [kernel.Depth, kernel.Height, kernel.Width], isTransposed: false, bias, generator,
            activation)
        => (this.stride, this.padding, this.dilation) = (stride ?? 1, padding ?? 0, dilation ?? 1);

    /// <inheritdoc/>
    protected override Tensor Compute(Tensor x)
    {
        if (x.Rank != 4) Check.Channels("conv3d", x.Shape, InChannels, 5);
        var y = x.Conv3d(Weight.Value, Bias?.Value, stride, padding, dilation, Groups, Activation?.Fused);
        return Activation.Finish(y, Activation);
    }
}

/// <summary>The transposed convolution of signals (N, C, L), which lengthens them.</summary>
public sealed class ConvTranspose1d : Convolution
{
    private readonly int stride, padding, outputPadding, dilation;

    /// <summary>Makes the layer with PyTorch's defaults.</summary>
    public ConvTranspose1d(
        int inChannels, int outChannels, int kernel, int stride = 1, int padding = 0, int outputPadding = 0, int groups = 1,
        bool bias = true, int dilation = 1, Generator? generator = null)
        : base("conv_transpose1d", inChannels, outChannels, groups, [kernel], isTransposed: true, bias, generator)
        => (this.stride, this.padding, this.outputPadding, this.dilation) = (stride, padding, outputPadding, dilation);

    /// <inheritdoc/>
    protected override Tensor Compute(Tensor x)
    {
        if (x.Rank != 2) Check.Channels("conv_transpose1d", x.Shape, InChannels, 3);
        return x.ConvTranspose1d(Weight.Value, Bias?.Value, stride, padding, outputPadding, dilation, Groups);
    }
}

/// <summary>The transposed convolution of volumes (N, C, D, H, W), which enlarges them.</summary>
public sealed class ConvTranspose3d : Convolution
{
    private readonly Triple stride, padding, outputPadding, dilation;

    /// <summary>Makes the layer with PyTorch's defaults.</summary>
    public ConvTranspose3d(
        int inChannels, int outChannels, Triple kernel, Triple? stride = null, Triple? padding = null, Triple? outputPadding = null,
        int groups = 1, bool bias = true, Triple? dilation = null, Generator? generator = null)
        : base(
            "conv_transpose3d", inChannels, outChannels, groups, [kernel.Depth, kernel.Height, kernel.Width], isTransposed: true, bias,
            generator)
        => (this.stride, this.padding, this.outputPadding, this.dilation) = (stride ?? 1, padding ?? 0, outputPadding ?? 0, dilation ?? 1);

    /// <inheritdoc/>
    protected override Tensor Compute(Tensor x)
    {
        if (x.Rank != 4) Check.Channels("conv_transpose3d", x.Shape, InChannels, 5);
        return x.ConvTranspose3d(Weight.Value, Bias?.Value, stride, padding, outputPadding, dilation, Groups);
    }
}

/// <summary>The transposed convolution of images (N, C, H, W), which enlarges them.</summary>
public sealed class ConvTranspose2d : Convolution
{
    private readonly Pair stride, padding, outputPadding, dilation;

    /// <summary>Makes the layer with PyTorch's defaults.</summary>
    public ConvTranspose2d(
        int inChannels, int outChannels, Pair kernel, Pair? stride = null, Pair? padding = null, Pair? outputPadding = null,
        int groups = 1, bool bias = true, Pair? dilation = null, Generator? generator = null)
        : base("conv_transpose2d", inChannels, outChannels, groups, [kernel.Height, kernel.Width], isTransposed: true, bias, generator)
        => (this.stride, this.padding, this.outputPadding, this.dilation) = (stride ?? 1, padding ?? 0, outputPadding ?? 0, dilation ?? 1);

    /// <inheritdoc/>
    protected override Tensor Compute(Tensor x)
    {
        if (x.Rank != 3) Check.Channels("conv_transpose2d", x.Shape, InChannels, 4);
        return x.ConvTranspose2d(Weight.Value, Bias?.Value, stride, padding, outputPadding, dilation, Groups);
    }
}

/// <summary>
/// A convolution of each channel alone, then one of 1×1 that mixes them: nearly as good as a full one, for a fraction of the work.
/// </summary>
public sealed class SeparableConv2d : Layer
{
    private readonly Conv2d depthwise, pointwise;

    /// <summary>Makes the layer.</summary>
    public SeparableConv2d(
        int inChannels, int outChannels, Pair kernel, Pair? stride = null, Padding padding = default, Pair? dilation = null,
        bool bias = true, Generator? generator = null, Activation? activation = null)
    {
        depthwise = new Conv2d(inChannels, inChannels, kernel, stride, padding, dilation, groups: inChannels, bias, generator);
        pointwise = new Conv2d(inChannels, outChannels, 1, bias: bias, generator: generator, activation: activation);
    }

    /// <summary>The convolution of each channel alone.</summary>
    public Conv2d Depthwise => depthwise;

    /// <summary>The convolution that mixes them.</summary>
    public Conv2d Pointwise => pointwise;

    /// <inheritdoc/>
    protected override Tensor Compute(Tensor x) => pointwise.Forward(depthwise.Forward(x));
}

namespace DeepNet;

// Convolutions, in PyTorch's layout: images are (N, channels, height, width).
public sealed partial class Tensor
{
    /// <summary>
    /// Two-dimensional convolution (cross-correlation, as everywhere in deep learning) of images (N, C, H, W), or of one without N.
    /// </summary>
    /// <param name="weight">The kernels: (outputs, C / groups, kernel height, kernel width).</param>
    /// <param name="bias">One number per output channel, or none.</param>
    /// <param name="stride">The step from one output to the next.</param>
    /// <param name="padding">Zeros added at each side, or <see cref="Padding.Same"/>.</param>
    /// <param name="dilation">The step between the taps of a kernel.</param>
    /// <param name="groups">Into how many groups the channels are split, each convolved alone; C of them is a depthwise
    /// convolution.</param>
    /// <param name="activation">The formula that is applied to the result, or none.</param>
    public Tensor Conv2d(
        Tensor weight, Tensor? bias = null, Pair? stride = null, Padding padding = default, Pair? dilation = null, int groups = 1,
        Formula? activation = null)
    {
        ArgumentNullException.ThrowIfNull(weight);
        return Convolutions.Convolve("conv2d", this, weight, bias, stride ?? 1, padding, dilation ?? 1, groups, activation);
    }

    /// <summary>One-dimensional convolution of signals (N, C, L), or of one without N.</summary>
    /// <inheritdoc cref="Conv2d" path="/param"/>
    public Tensor Conv1d(
        Tensor weight, Tensor? bias = null, int stride = 1, Padding padding = default, int dilation = 1, int groups = 1,
        Formula? activation = null)
    {
        ArgumentNullException.ThrowIfNull(weight);
        CheckSignal("conv1d", weight);
        if (!padding.IsSame) padding = (0, padding.Zeros.Width);
        return OneAxis(Convolutions.Convolve(
            "conv1d", WithHeight(this), WithHeight(weight), bias, (1, stride), padding, (1, dilation), groups, activation));
    }

    /// <summary>
    /// The transposed convolution: the derivative of <see cref="Conv2d"/> with respect to its image, used to enlarge images.
    /// </summary>
    /// <param name="weight">The kernels: (C, outputs / groups, kernel height, kernel width).</param>
    /// <param name="bias">One number per output channel, or none.</param>
    /// <param name="stride">The step in the result from one input to the next.</param>
    /// <param name="padding">How much of the border of the result is cut off.</param>
    /// <param name="outputPadding">Rows and columns more at the end: which of the sizes that a stride maps to one is meant.</param>
    /// <param name="dilation">The step between the taps of a kernel.</param>
    /// <param name="groups">Into how many groups the channels are split.</param>
    public Tensor ConvTranspose2d(
        Tensor weight, Tensor? bias = null, Pair? stride = null, Pair? padding = null, Pair? outputPadding = null, Pair? dilation = null,
        int groups = 1)
    {
        ArgumentNullException.ThrowIfNull(weight);
        return Convolutions.Transpose(
            "conv_transpose2d", this, weight, bias, stride ?? 1, padding ?? 0, outputPadding ?? 0, dilation ?? 1, groups);
    }

    /// <summary>The same along one axis, for signals (N, C, L).</summary>
    /// <inheritdoc cref="ConvTranspose2d" path="/param"/>
    public Tensor ConvTranspose1d(
        Tensor weight, Tensor? bias = null, int stride = 1, int padding = 0, int outputPadding = 0, int dilation = 1, int groups = 1)
    {
        ArgumentNullException.ThrowIfNull(weight);
        CheckSignal("conv_transpose1d", weight);
        return OneAxis(Convolutions.Transpose(
            "conv_transpose1d", WithHeight(this), WithHeight(weight), bias, (1, stride), (0, padding), (0, outputPadding), (1, dilation),
            groups));
    }

    /// <summary>Three-dimensional convolution of volumes (N, C, D, H, W), or of one without N.</summary>
    /// <param name="weight">The kernels: (outputs, C / groups, kernel depth, kernel height, kernel width).</param>
    /// <param name="bias">One number per output channel, or none.</param>
    /// <param name="stride">The step from one output to the next.</param>
    /// <param name="padding">Zeros added at each side.</param>
    /// <param name="dilation">The step between the taps of a kernel.</param>
    /// <param name="groups">Into how many groups the channels are split, each convolved alone.</param>
    /// <param name="activation">The formula that is applied to the result, or none.</param>
    /// <remarks>
    /// It is computed as a two-dimensional convolution of the slices that each slice of the result reads, which are copied for that.
    /// </remarks>
    public Tensor Conv3d(
        Tensor weight, Tensor? bias = null, Triple? stride = null, Triple? padding = null, Triple? dilation = null, int groups = 1,
        Formula? activation = null)
    {
        ArgumentNullException.ThrowIfNull(weight);
        return VolumeConvolution.Convolve(this, weight, bias, stride ?? 1, padding ?? 0, dilation ?? 1, groups, activation);
    }

    /// <summary>The transposed convolution of volumes: the derivative of <see cref="Conv3d"/> with respect to its volume.</summary>
    /// <param name="weight">The kernels: (C, outputs / groups, kernel depth, kernel height, kernel width).</param>
    /// <param name="bias">One number per output channel, or none.</param>
    /// <param name="stride">The step in the result from one input to the next.</param>
    /// <param name="padding">How much of the border of the result is cut off.</param>
    /// <param name="outputPadding">Slices, rows and columns more at the end.</param>
    /// <param name="dilation">The step between the taps of a kernel.</param>
    /// <param name="groups">Into how many groups the channels are split.</param>
    public Tensor ConvTranspose3d(
        Tensor weight, Tensor? bias = null, Triple? stride = null, Triple? padding = null, Triple? outputPadding = null,
        Triple? dilation = null, int groups = 1)
    {
        ArgumentNullException.ThrowIfNull(weight);
        return VolumeConvolution.Transpose(
            this, weight, bias, stride ?? 1, padding ?? 0, outputPadding ?? 0, dilation ?? 1, groups);
    }

    private void CheckSignal(string op, Tensor weight)
    {
        if (Rank is not (2 or 3) || weight.Rank != 3)
            throw new ArgumentException(
                $"[{op}] signal {Shape} and weight {weight.Shape}: the signal must be (N, C, L) or (C, L), the weight have three axes.");
    }

    // A signal is an image of height 1.
    private static Tensor WithHeight(Tensor x) => x.Reshape([.. x.Shape.Axes[..^1], 1, x.Shape[^1]]);

    private static Tensor OneAxis(Tensor x) => x.Reshape([.. x.Shape.Axes[..^2], x.Shape[^1]]);
}

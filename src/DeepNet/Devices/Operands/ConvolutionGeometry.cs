namespace DeepNet.Devices;

/// <summary>
/// All numbers of a two-dimensional convolution. Images are (N, channels, height, width), weights (Out, In / Groups, kernel height, kernel
/// width).
/// </summary>
/// <param name="Batch">The number of images.</param>
/// <param name="In">The number of input channels.</param>
/// <param name="Out">The number of output channels.</param>
/// <param name="Groups">The number of groups of channels that do not see each other.</param>
/// <param name="Rows">The kernel's way down the image.</param>
/// <param name="Columns">Its way across.</param>
public readonly record struct ConvolutionGeometry(int Batch, int In, int Out, int Groups, Taps Rows, Taps Columns)
{
    /// <summary>Gets the number of input channels of a group.</summary>
    public int InPerGroup => In / Groups;

    /// <summary>Gets the number of output channels of a group.</summary>
    public int OutPerGroup => Out / Groups;

    /// <summary>Gets the shape of the image.</summary>
    public Shape Image => new(Batch, In, Rows.Input, Columns.Input);

    /// <summary>Gets the shape of the weight.</summary>
    public Shape Weight => new(Out, In / Groups, Rows.Kernel, Columns.Kernel);

    /// <summary>Gets the shape of the result.</summary>
    public Shape Result => new(Batch, Out, Rows.Output, Columns.Output);

    /// <summary>Elements of one channel of an image.</summary>
    public nint ImagePlane => (nint)Rows.Input * Columns.Input;

    /// <summary>Elements of one channel of the result.</summary>
    public nint ResultPlane => (nint)Rows.Output * Columns.Output;

    /// <summary>Taps of one channel.</summary>
    public int Kernel => Rows.Kernel * Columns.Kernel;

    /// <summary>True for 1 × 1 kernels that only mix channels.</summary>
    public bool IsPointwise => Rows.IsIdentity && Columns.IsIdentity;

    /// <summary>True if every output reads one channel alone and few share it.</summary>
    public bool IsDepthwise => Groups > 1 && InPerGroup == 1 && OutPerGroup <= 4;
}

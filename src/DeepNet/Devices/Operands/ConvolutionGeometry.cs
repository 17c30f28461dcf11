namespace DeepNet.Ops;

/// <summary>
/// All numbers of a two-dimensional convolution. Images are (N, channels, height, width), weights (Out, In / Groups, kernel height, kernel
/// width).
/// </summary>
internal readonly record struct ConvolutionGeometry(int Batch, int In, int Out, int Groups, Taps Rows, Taps Columns)
{
    public int InPerGroup => In / Groups;
    public int OutPerGroup => Out / Groups;

    public Shape Image => new(Batch, In, Rows.Input, Columns.Input);
    public Shape Weight => new(Out, In / Groups, Rows.Kernel, Columns.Kernel);
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

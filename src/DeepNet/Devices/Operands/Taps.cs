namespace DeepNet.Devices;

/// <summary>
/// How a kernel slides along one image axis: output i and tap k read input i · Stride − Before + k · Dilation, which is zero
/// outside [0, Input).
/// </summary>
/// <param name="Input">The length of the input.</param>
/// <param name="Output">The length of the output.</param>
/// <param name="Kernel">The number of taps.</param>
/// <param name="Stride">The step from output to output.</param>
/// <param name="Before">The zeros before the input.</param>
/// <param name="Dilation">The step from tap to tap.</param>
public readonly record struct Taps(int Input, int Output, int Kernel, int Stride, int Before, int Dilation)
{
    /// <summary>The first output whose tap <paramref name="k"/> is inside the input.</summary>
    public int First(int k) => Math.Clamp((Before - k * Dilation + Stride - 1) / Stride, 0, Output);

    /// <summary>The output after the last one whose tap <paramref name="k"/> is inside the input.</summary>
    public int End(int k)
    {
        int last = Input - 1 + Before - k * Dilation;
        return last < 0 ? First(k) : Math.Clamp(last / Stride + 1, First(k), Output);
    }

    /// <summary>The input that output <paramref name="i"/> reads with tap <paramref name="k"/>.</summary>
    public int Position(int i, int k) => i * Stride - Before + k * Dilation;

    /// <summary>
    /// The way back from outputs to inputs, with the taps in reverse; for stride 1. There may be fewer than no zeros before.
    /// </summary>
    public Taps Mirrored => new(Output, Input, Kernel, 1, (Kernel - 1) * Dilation - Before, Dilation);

    /// <summary>True if each output reads just the input of the same number.</summary>
    public bool IsIdentity => Kernel == 1 && Stride == 1 && Before == 0 && Input == Output;
}

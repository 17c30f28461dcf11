namespace DeepNet.Devices.Cpu;

/// <summary>
/// One axis of a convolution as its kernel sees it: what is read (the source) is dealt out to <see cref="Phases"/> runs, so that
/// neighbouring outputs read neighbouring places whatever the stride, and what is written (the target) falls into
/// <see cref="Classes"/>, each a convolution of stride 1 with some of the taps.
/// </summary>
/// <remarks>
/// The result has as many phases as its stride and one class; the gradient of the image is the other way round, because of a
/// stride of s each input is read by the outputs of one tap in s only. Place q of phase f is source element q · Phases + f − Before.
/// </remarks>
internal readonly struct TapAxis
{
    private readonly Taps taps;

    private TapAxis(Taps taps, bool isAdjoint)
    {
        this.taps = taps;
        IsAdjoint = isAdjoint;
        int span = (taps.Kernel - 1) * taps.Dilation;
        if (isAdjoint)
        {
            int lowest = FloorDivide(taps.Before - span, taps.Stride);
            (Source, Target, Phases, Classes) = (taps.Output, taps.Input, 1, taps.Stride);
            (Before, Reach) = (-lowest, (taps.Before + taps.Stride - 1) / taps.Stride - lowest);
        }
        else
        {
            (Source, Target, Phases, Classes) = (taps.Input, taps.Output, taps.Stride, 1);
            (Before, Reach) = (taps.Before, span / taps.Stride);
        }
    }

    /// <summary>From image to result.</summary>
    public static TapAxis Result(Taps taps) => new(taps, isAdjoint: false);

    /// <summary>From the result's gradient to the image's.</summary>
    public static TapAxis Image(Taps taps) => new(taps, isAdjoint: true);

    /// <summary>From the result's gradient to the image's.</summary>
    public bool IsAdjoint { get; }

    /// <summary>The lengths of what is read and of what is written.</summary>
    public int Source { get; }

    /// <inheritdoc cref="Source"/>
    public int Target { get; }

    public int Phases { get; }
    public int Classes { get; }

    /// <summary>Zeros before the source, in elements of it; less than none where its beginning is never read.</summary>
    public int Before { get; }

    /// <summary>Gets the number of places behind its own that an output reads.</summary>
    public int Reach { get; }

    public int Kernel => taps.Kernel;

    /// <summary>From one tap to the next in the source; for the result only.</summary>
    public int Dilation => taps.Dilation;

    /// <summary>Outputs of the longest class, which is the first.</summary>
    public int Places => Count(0);

    /// <summary>Outputs of a class; number m is target element m · Classes + class.</summary>
    public int Count(int @class) => (Target - @class + Classes - 1) / Classes;

    /// <summary>
    /// Finds tap <paramref name="k"/> for the outputs of a class: its phase, and its distance from their place. False if they do not use
    /// it.
    /// </summary>
    public bool TryTap(int @class, int k, out int phase, out int shift)
    {
        int at = IsAdjoint ? @class + taps.Before - k * taps.Dilation : k * taps.Dilation;
        (phase, shift) = IsAdjoint ? (0, FloorDivide(at, taps.Stride) + Before) : (at % taps.Stride, at / taps.Stride);
        return !IsAdjoint || at % taps.Stride == 0;
    }

    private static int FloorDivide(int a, int b) => (int)Math.Floor((double)a / b);
}

namespace DeepNet.Devices;

/// <summary>The windows of a pooling along one image axis: which inputs each output looks at, and how many it counts.</summary>
public sealed class PoolAxis
{
    private PoolAxis(int input, int output, int step)
    {
        (Input, Output, Step) = (input, output, step);
        (From, End, Extent) = (new int[output], new int[output], new int[output]);
    }

    /// <summary>Gets the length of the axis.</summary>
    public int Input { get; }

    /// <summary>Gets the number of windows.</summary>
    public int Output { get; }

    /// <summary>From one input of a window to the next.</summary>
    public int Step { get; }

    /// <summary>The first input of each window, and the one after the last; always inside the image.</summary>
    public int[] From { get; }

    /// <inheritdoc cref="From"/>
    public int[] End { get; }

    /// <summary>The length of each window for an average that counts the padding (and nothing beyond it).</summary>
    public int[] Extent { get; }

    /// <summary>Gets the length of a window over the input; 0 for adaptive windows, to which the properties below do not apply.</summary>
    public int Reach { get; private init; }

    /// <summary>From one window to the next.</summary>
    public int Stride { get; private init; }

    /// <summary>Gets the padding before the input.</summary>
    public int Padding { get; private init; }

    /// <summary>True if an average counts the padding.</summary>
    public bool CountsPadding { get; private init; }

    /// <summary>Windows of one size at even steps.</summary>
    public static PoolAxis Sliding(
        string op, string axis, Shape shape, int input, int kernel, int stride, int padding, int dilation, bool ceilMode, bool countPadding)
    {
        if (kernel < 1 || stride < 1 || dilation < 1)
            throw new ArgumentException(
                $"[{op}] kernel {kernel}, stride {stride}, dilation {dilation} along the {axis}: each must be at least 1.");
        if (padding < 0 || 2 * padding > kernel)
            throw new ArgumentException(
                $"[{op}] padding {padding} along the {axis}: it must be from 0 to half the kernel ({kernel}), or windows would lie in "
                + "the padding alone.");
        int reach = dilation * (kernel - 1) + 1, room = input + 2 * padding - reach;
        if (room < 0)
            throw new ArgumentException(
                $"[{op}] image {shape}: the window reaches over {reach} and the {axis} is only {input} + 2 · {padding}. Pool less "
                + "before, or use a smaller kernel.");
        int output = (ceilMode ? (room + stride - 1) / stride : room / stride) + 1;
        // A window that starts in the padding at the end would see nothing.
        if (ceilMode && (output - 1) * stride >= input + padding) output--;
        var result = new PoolAxis(
            input, output, dilation)
        { Reach = reach, Stride = stride, Padding = padding, CountsPadding = countPadding };
        for (int i = 0; i < output; i++)
        {
            int from = i * stride - padding, end = Math.Min(from + reach, input + padding);
            result.Extent[i] = countPadding ? end - from : Math.Min(end, input) - Math.Max(from, 0);
            while (from < 0) from += dilation;
            result.From[i] = from;
            result.End[i] = Math.Max(from, Math.Min(end, input));
        }
        return result;
    }

    /// <summary>Windows as even as can be that cover the whole axis, so many that the result has the given length.</summary>
    public static PoolAxis Adaptive(string op, string axis, Shape shape, int input, int output)
    {
        if (output < 1) throw new ArgumentException($"[{op}] output {output} along the {axis}: it must be at least 1.");
        if (input < 1) throw new ArgumentException($"[{op}] image {shape}: there is nothing to pool along the {axis}.");
        var result = new PoolAxis(input, output, 1);
        for (int i = 0; i < output; i++)
        {
            result.From[i] = (int)((long)i * input / output);
            result.End[i] = (int)(((i + 1L) * input + output - 1) / output);
            result.Extent[i] = result.End[i] - result.From[i];
        }
        return result;
    }

    /// <summary>One window of length 1 for each element: an axis that is not pooled.</summary>
    public static PoolAxis Untouched(int length)
    {
        var result = new PoolAxis(length, length, 1);
        for (int i = 0; i < length; i++) (result.From[i], result.End[i], result.Extent[i]) = (i, i + 1, 1);
        return result;
    }
}

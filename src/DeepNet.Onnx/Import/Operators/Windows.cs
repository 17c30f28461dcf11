namespace DeepNet.Onnx;

/// <summary>The windows that slide along the axes of an image: the attributes that convolutions and poolings share.</summary>
/// <param name="Kernel">The lengths of a window.</param>
/// <param name="Strides">The steps from one window to the next.</param>
/// <param name="Dilations">The steps between the elements of a window.</param>
/// <param name="Before">What is added before each axis.</param>
/// <param name="After">What is added behind each axis.</param>
internal readonly record struct Windows(int[] Kernel, int[] Strides, int[] Dilations, int[] Before, int[] After)
{
    public int Rank => Kernel.Length;

    /// <summary>Gets a value indicating whether all axes have as much added before as behind.</summary>
    public bool IsSymmetric => Before.AsSpan().SequenceEqual(After);

    public static Windows Of(Call call, Shape image, ReadOnlySpan<int> kernel)
    {
        int rank = kernel.Length;
        if (image.Rank != rank + 2) throw new ArgumentException($"{image} does not fit windows of {rank} axes.");
        int[] ones = [.. Enumerable.Repeat(1, rank)], pads = call.Ints("pads") ?? new int[2 * rank];
        int[] strides = call.Ints("strides") ?? ones, dilations = call.Ints("dilations") ?? ones;
        if (pads.Length != 2 * rank || strides.Length != rank || dilations.Length != rank || strides.Any(stride => stride < 1)
            || dilations.Any(dilation => dilation < 1))
            throw new ArgumentException($"pads, strides or dilations do not fit windows of {rank} axes.");
        var windows = new Windows([.. kernel], strides, dilations, pads[..rank], pads[rank..]);
        string auto = call.Text("auto_pad", "NOTSET");
        return auto switch
        {
            "SAME_UPPER" or "SAME_LOWER" => windows.Same(image, auto == "SAME_LOWER"),
            "VALID" => windows with { Before = new int[rank], After = new int[rank] },
            _ => windows,
        };
    }

    /// <summary>The length that a window covers.</summary>
    public int Reach(int axis) => (Kernel[axis] - 1) * Dilations[axis] + 1;

    private Windows Same(Shape image, bool isLower)
    {
        int[] before = new int[Rank], after = new int[Rank];
        for (int i = 0; i < Rank; i++)
        {
            int length = image[i + 2], windows = (length + Strides[i] - 1) / Strides[i];
            int all = Math.Max((windows - 1) * Strides[i] + Reach(i) - length, 0);
            before[i] = isLower ? (all + 1) / 2 : all / 2;
            after[i] = all - before[i];
        }
        return this with { Before = before, After = after };
    }

    /// <summary>Adds, or cuts off, what is to be added at the ends of the axes.</summary>
    public static Tensor Padded(Tensor x, int[] before, int[] after, Scalar value)
    {
        if (before.All(n => n == 0) && after.All(n => n == 0)) return x;
        return x.Pad([.. before.Zip(after)], PadMode.Constant, value);
    }

    /// <summary>The same with zeros, where both ends differ; then windows need nothing added.</summary>
    public (Tensor X, Windows Windows) Even(Tensor x)
        => IsSymmetric && Before.All(n => n >= 0) ? (x, this)
            : (Padded(x, Before, After, 0), this with { Before = new int[Rank], After = new int[Rank] });
}

namespace DeepNet.BitRecord;

/// <summary>Fixed pseudo-random tensors, made without the library's own generator.</summary>
internal static class Values
{
    /// <summary>The types that kernels are written for.</summary>
    public static DType[] Floats { get; } = [DType.Float32, DType.Float64];

    /// <summary>The types that kernels are written for, and those that are computed in float32.</summary>
    public static DType[] FloatsAndHalves { get; } = [DType.Float32, DType.Float64, DType.Float16, DType.BFloat16];

    /// <summary>Values in (−1.5, 1.5).</summary>
    public static Tensor Of(Shape shape, DType dtype, int seed = 1)
    {
        var values = new double[shape.Count];
        for (int i = 0; i < values.Length; i++) values[i] = (Mixed(seed, i) >> 11) * (3.0 / (1L << 53)) - 1.5;
        return Tensor.From<double>(values, shape).To(dtype);
    }

    /// <summary>Values in (−1.5, 1.5).</summary>
    public static Tensor Of(DType dtype, params int[] shape) => Of(new Shape(shape), dtype, shape.Length + shape.Sum());

    /// <summary>Whole numbers from 0 to a bound.</summary>
    public static Tensor Indices(int below, params int[] shape)
    {
        var target = new Shape(shape);
        var values = new long[target.Count];
        for (int i = 0; i < values.Length; i++) values[i] = (long)(Mixed(below, i) % (ulong)below);
        return Tensor.From<long>(values, target);
    }

    /// <summary>Truth values, a third of them true.</summary>
    public static Tensor Mask(params int[] shape) => Indices(3, shape).Equal(0);

    /// <summary>
    /// The same elements as a view that is neither dense nor at the start of its memory: axes in reverse order, every second element of the
    /// last.
    /// </summary>
    public static Tensor Strided(Tensor tensor)
    {
        if (tensor.Rank == 0) return tensor;
        int[] reversed = [.. tensor.Shape.Reverse(), 2], order = [.. Enumerable.Range(0, tensor.Rank).Reverse()];
        return Tensor.Full(new Shape(reversed), 77, tensor.DType).Select(-1, 1).Permute(order).CopyFrom(tensor);
    }

    /// <summary>The same images with the channels of a pixel side by side.</summary>
    public static Tensor ChannelsLast(Tensor images) => images.Permute(0, 2, 3, 1).Contiguous().Permute(0, 3, 1, 2);

    // SplitMix64.
    private static ulong Mixed(int seed, int i)
    {
        ulong z = ((ulong)(uint)seed << 32) + (ulong)(uint)i;
        z = (z + 1) * 0x9E3779B97F4A7C15;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }
}

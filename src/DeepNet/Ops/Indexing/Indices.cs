namespace DeepNet.Ops;

/// <summary>What all operators with an index tensor need: dense int64 indices on the right device, none out of range.</summary>
internal static class Indices
{
    /// <summary>Indices into an axis; negative ones count from its end.</summary>
    public static Tensor Of(string op, Tensor index, Shape shape, int axis, Device device)
    {
        var dense = Dense(op, index, device);
        Check(op, dense, index.Shape, -shape[axis], shape[axis], $"axis {axis} of shape {shape}");
        return dense;
    }

    /// <summary>Indices as the kernels take them, whatever their values.</summary>
    public static Tensor Dense(string op, Tensor index, Device device)
    {
        if (index.DType is not (DType.Int64 or DType.Int32))
            throw new ArgumentException($"[{op}] the index of shape {index.Shape} is {index.DType.Name()}; indices are int64 or int32."
                + (index.DType == DType.Bool ? " A bool tensor is a mask: x[mask] or x.MaskedSelect(mask)." : " Convert it: index.To(DType.Int64)."));
        // Indices are made on the processor more often than not, and are small beside what they point into: they follow.
        if (index.Device != device && index.Device is not CpuDevice)
            throw new ArgumentException($"[{op}] the index of shape {index.Shape} is on {index.Device}, the tensor on {device}. Move it: index.To(x.Device).");
        return index.To(device).To(DType.Int64).Contiguous();
    }

    /// <summary>Throws with position and value if an index lies outside [lowest, end).</summary>
    public static void Check(string op, Tensor dense, Shape shape, nint lowest, nint end, string place)
    {
        if (dense.Count == 0) return;
        nint position = dense.Device.FindOutside(dense, lowest, end);
        if (position < 0) return;
        long value = dense.Detach().Reshape(-1).Select(0, (int)position).Item<long>();
        string range = end == 0 ? "has length 0, there is nothing to take"
            : $"has length {end}, so indices go from {(lowest < 0 ? $"0 to {end - 1}, or from -1 back to {lowest}" : $"0 to {end - 1}")}";
        throw new IndexOutOfRangeException($"[{op}] index {value} at position {Position(position, shape)} of the index is out of range: {place} {range}.");
    }

    private static string Position(nint flat, Shape shape)
    {
        var coordinates = new string[shape.Rank];
        for (int i = shape.Rank - 1; i >= 0; flat /= shape[i--]) coordinates[i] = $"{flat % shape[i]}";
        return coordinates.Length == 1 ? coordinates[0] : $"({string.Join(", ", coordinates)})";
    }

    /// <summary>Without negative ones.</summary>
    public static Tensor Wrap(Tensor dense, int length) => Tensor.Where(dense < 0, dense + length, dense);

    /// <summary>0, 1, 2…</summary>
    public static Tensor Count(int n, Device device)
    {
        var numbers = new long[n];
        for (int i = 0; i < n; i++) numbers[i] = i;
        return Tensor.From<long>(numbers, new Shape(n), device);
    }

    /// <summary>The row-major positions at which a bool tensor is true.</summary>
    public static Tensor Positions(Tensor mask)
    {
        mask = mask.Contiguous();
        var positions = Tensor.Allocate(new Shape(checked((int)mask.Device.CountTrue(mask))), DType.Int64, mask.Device);
        mask.Device.Positions(mask, positions);
        return positions;
    }

    /// <summary>The type that elements of a type are added up in by the kernels.</summary>
    public static DType SumType(DType dtype) => dtype == DType.Bool ? DType.Int32 : DTypes.Compute(dtype);
}

namespace DeepNet.Ops;

/// <summary>Prepares index tensors: dense int64 on the right device, none out of range.</summary>
internal static class Indices
{
    /// <summary>Indices into an axis; negative ones count from its end.</summary>
    public static Tensor Of(string op, Tensor index, Shape shape, int axis, Device device)
    {
        var dense = Dense(op, index, device);
        dense.Kernels.CheckIndex(dense, new(op, IndexKind.Axis, index.Shape, -shape[axis], shape[axis], shape, axis));
        return dense;
    }

    /// <summary>Indices as the kernels take them, whatever their values.</summary>
    public static Tensor Dense(string op, Tensor index, Device device)
    {
        if (index.DType is not (DType.Int64 or DType.Int32))
            throw new ArgumentException($"[{op}] the index of shape {index.Shape} is {index.DType.Name()}; indices are int64 or int32."
                + (index.DType == DType.Bool ? " A bool tensor is a mask: x[mask] or x.MaskedSelect(mask)."
                : index.DType == DType.UInt8 ? " Convert it: index.To(DType.Int64); or, if it is a mask, compare it: mask.NotEqual(0)."
                : " Convert it: index.To(DType.Int64)."));
        // Indices are made on the processor more often than not, and are small beside what they point into: they follow.
        if (index.Device != device && index.Device is not CpuDevice)
            throw new ArgumentException(
                $"[{op}] the index of shape {index.Shape} is on {index.Device}, the tensor on {device}. Move it: index.To(x.Device).");
        return index.To(device).To(DType.Int64).Contiguous();
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

    /// <summary>The row-major positions at which a bool tensor is true; or their coordinates, a row for each.</summary>
    public static Tensor Positions(Tensor mask, bool asCoordinates = false)
    {
        mask = mask.Contiguous();
        int count = checked((int)mask.Sum().Item<long>());
        var positions = Tensor.Allocate(new Shape(count), DType.Int64, mask.Device);
        var coordinates = asCoordinates ? Tensor.Allocate(new Shape(count, mask.Rank), DType.Int64, mask.Device) : null;
        mask.Kernels.Positions(mask, positions, coordinates);
        return coordinates ?? positions;
    }

    /// <summary>The type that elements of a type are added up in by the kernels.</summary>
    public static DType SumType(DType dtype) => dtype == DType.Bool ? DType.Int32 : DTypes.Compute(dtype);
}

namespace DeepNet.Ilgpu;

internal sealed unsafe partial class IlgpuDevice
{
    protected internal override void Copy(Tensor from, Tensor to)
    {
        if (to.Count == 0) return;
        if (from.DType == to.DType)
        {
            switch (to.DType.Size())
            {
                case 1: Copy<byte>(from, to); break;
                case 2: Copy<ushort>(from, to); break;
                case 4: Copy<int>(from, to); break;
                default: Copy<long>(from, to); break;
            }
        }
        else
        {
            var source = from.Detach().Contiguous();
            var target = to.IsContiguous ? to : Tensor.Allocate(to.Shape, to.DType, this);
            Convert(source, target);
            if (!ReferenceEquals(source.Storage, from.Storage)) Done(source);
            if (!ReferenceEquals(target, to))
            {
                Copy(target, to);
                Done(target);
            }
        }
        GC.KeepAlive(from);
        GC.KeepAlive(to);
    }

    private void Copy<T>(Tensor from, Tensor to) where T : unmanaged
    {
        if (from.IsContiguous && to.IsContiguous)
        {
            RunWide(new DenseCopyJob<T> { From = View<T>(from), To = View<T>(to) }, to.Count, IsAligned(from) && IsAligned(to));
        }
        else if (IsTooLarge(to.Shape, out int axis))
        {
            foreach (var (start, length) in Halves(to.Shape[axis])) Copy<T>(
                from.Detach().Narrow(axis, start, length), to.Detach().Narrow(axis, start, length));
        }
        else if (!TryTranspose<T>(from, to))
        {
            if (Nest.TryMake(to.Shape, from, to, null, out var nest))
                RunWide(new CopyJob<T> { From = Whole<T>(from), To = Whole<T>(to), Nest = nest }, to.Count, nest.IsWide != 0
                    && nest.IsRowInB);
            else
                for (int i = 0; i < to.Shape[0]; i++) Copy<T>(from.Detach().Select(0, i), to.Detach().Select(0, i));
        }
    }

    // Axes shorter than that leave tiles too empty.
    private const int LeastSide = 8;

    /// <summary>Copies by tiles where neighbours of the source and of the target lie along different axes.</summary>
    private bool TryTranspose<T>(Tensor from, Tensor to) where T : unmanaged
    {
        int inTo = AxisOfNeighbours(to), inFrom = AxisOfNeighbours(from);
        if (inTo < 0 || inFrom < 0 || inTo == inFrom || to.Shape[inTo] < LeastSide || to.Shape[inFrom] < LeastSide) return false;
        int last = Math.Max(inTo, inFrom), first = Math.Min(inTo, inFrom);
        Tensor fromRest = from.Detach().Select(last, 0).Select(first, 0), toRest = to.Detach().Select(last, 0).Select(first, 0);
        if (!Nest.TryMake(toRest.Shape, fromRest, toRest, null, out var nest)) return false;
        long j = to.Shape[inTo], k = to.Shape[inFrom], tilesJ = (j + TransposeJob<T>.Side - 1) / TransposeJob<T>.Side,
            tilesK = (k + TransposeJob<T>.Side - 1) / TransposeJob<T>.Side;
        RunGroups(new TransposeJob<T>
        {
            From = Whole<T>(from), To = Whole<T>(to), Nest = nest, TilesJ = tilesJ, TilesK = tilesK, LengthJ = j, LengthK = k,
            StepJ = from.Strides[inTo], StepK = to.Strides[inFrom],
        }, tilesJ * tilesK * toRest.Count);
        return true;
    }

    /// <summary>The axis with a step of 1; −1 if there is none.</summary>
    private static int AxisOfNeighbours(Tensor x)
    {
        for (int axis = x.Rank - 1; axis >= 0; axis--)
            if (x.Strides[axis] == 1 && x.Shape[axis] > 1) return axis;
        return -1;
    }

    /// <summary>
    /// Gets or sets the most elements of a kernel of any layout: it counts in 32 bits, and larger work is done by halves.
    /// </summary>
    internal nint MostCounted { get; set; } = int.MaxValue;

    /// <summary>
    /// True if a shape must be halved, along which axis: the first that can be, so that halves of what is dense are dense.
    /// </summary>
    private bool IsTooLarge(Shape shape, out int axis)
    {
        axis = 0;
        if (shape.Count <= MostCounted) return false;
        while (shape[axis] == 1) axis++;
        return true;
    }

    private static (int Start, int Length)[] Halves(int length) => [(0, length / 2), (length / 2, length - length / 2)];

    private void Convert(Tensor from, Tensor to)
    {
        switch (from.DType)
        {
            case DType.Bool: Convert<BoolOnGpu, byte>(from, to); break;
            case DType.UInt8: Convert<UInt8OnGpu, byte>(from, to); break;
            case DType.Int8: Convert<Int8OnGpu, byte>(from, to); break;
            case DType.Int32: Convert<Int32OnGpu, int>(from, to); break;
            case DType.Int64: Convert<Int64OnGpu, long>(from, to); break;
            case DType.Float16: Convert<HalfOnGpu, ushort>(from, to); break;
            case DType.BFloat16: Convert<BFloat16OnGpu, ushort>(from, to); break;
            case DType.Float32: Convert<SingleOnGpu, float>(from, to); break;
            default: Convert<DoubleOnGpu, double>(from, to); break;
        }
    }

    private void Convert<TFrom, T>(Tensor from, Tensor to) where TFrom : unmanaged, IGpuElement<T> where T : unmanaged
    {
        switch (to.DType)
        {
            case DType.Bool: Convert<TFrom, T, BoolOnGpu, byte>(from, to); break;
            case DType.UInt8: Convert<TFrom, T, UInt8OnGpu, byte>(from, to); break;
            case DType.Int8: Convert<TFrom, T, Int8OnGpu, byte>(from, to); break;
            case DType.Int32: Convert<TFrom, T, Int32OnGpu, int>(from, to); break;
            case DType.Int64: Convert<TFrom, T, Int64OnGpu, long>(from, to); break;
            case DType.Float16: Convert<TFrom, T, HalfOnGpu, ushort>(from, to); break;
            case DType.BFloat16: Convert<TFrom, T, BFloat16OnGpu, ushort>(from, to); break;
            case DType.Float32: Convert<TFrom, T, SingleOnGpu, float>(from, to); break;
            default: Convert<TFrom, T, DoubleOnGpu, double>(from, to); break;
        }
    }

    private void Convert<TFrom, T, TTo, U>(Tensor from, Tensor to)
        where TFrom : unmanaged, IGpuElement<T> where T : unmanaged where TTo : unmanaged, IGpuElement<U> where U : unmanaged
        => RunWide(new ConvertJob<TFrom, T, TTo, U> { From = View<T>(from), To = View<U>(to) }, to.Count, IsAligned(from) && IsAligned(to));

    protected internal override void Fill(Tensor tensor, Scalar value)
    {
        if (tensor.Count == 0) return;
        switch (tensor.DType)
        {
            case DType.Bool: FillWith(tensor, value.ToDouble() != 0 ? (byte)1 : (byte)0); break;
            case DType.UInt8: FillWith(tensor, byte.CreateSaturating(value.ToInt64())); break;
            case DType.Int8: FillWith(tensor, (byte)sbyte.CreateSaturating(value.ToInt64())); break;
            case DType.Int32: FillWith(tensor, int.CreateSaturating(value.ToInt64())); break;
            case DType.Int64: FillWith(tensor, value.ToInt64()); break;
            case DType.Float16: FillWith(tensor, BitConverter.HalfToUInt16Bits((System.Half)value.ToDouble())); break;
            case DType.BFloat16: FillWith(tensor, ((BFloat16)value.ToDouble()).Bits); break;
            case DType.Float32: FillWith(tensor, (float)value.ToDouble()); break;
            default: FillWith(tensor, value.ToDouble()); break;
        }
    }

    private void FillWith<T>(Tensor tensor, T value) where T : unmanaged
    {
        if (tensor.IsContiguous)
            RunWide(new DenseFillJob<T> { To = View<T>(tensor), Value = value }, tensor.Count, IsAligned(tensor));
        else if (IsTooLarge(tensor.Shape, out int axis))
            foreach (var (start, length) in Halves(tensor.Shape[axis])) FillWith(tensor.Detach().Narrow(axis, start, length), value);
        else if (Nest.TryMake(tensor.Shape, tensor, null, null, out var nest))
            Run(new FillJob<T> { To = Whole<T>(tensor), Nest = nest, Value = value }, tensor.Count);
        else
            for (int i = 0; i < tensor.Shape[0]; i++) FillWith(tensor.Detach().Select(0, i), value);
        GC.KeepAlive(tensor);
    }
}

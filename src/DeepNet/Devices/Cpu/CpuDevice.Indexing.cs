using DeepNet.Devices;
using DeepNet.Devices.Cpu;

namespace DeepNet;

public sealed unsafe partial class CpuDevice
{
    internal override nint FindOutside(Tensor index, nint lowest, nint end)
    {
        nint found = RangeLoop.FindOutside(index.Pointer<long>(), index.Count, lowest, end);
        GC.KeepAlive(index);
        return found;
    }

    internal override void TakeRows(Tensor x, AlongAxis at, Tensor index, Tensor y)
    {
        switch (x.DType.Size())
        {
            case 1: IndexedRows.Take<byte>(x, at, index, y); break;
            case 2: IndexedRows.Take<ushort>(x, at, index, y); break;
            case 4: IndexedRows.Take<uint>(x, at, index, y); break;
            default: IndexedRows.Take<ulong>(x, at, index, y); break;
        }
    }

    internal override void PutRows(Tensor target, AlongAxis at, Tensor index, Tensor source)
    {
        switch (target.DType.Size())
        {
            case 1: IndexedRows.Write<byte, Store<byte>>(target, at, index, source); break;
            case 2: IndexedRows.Write<ushort, Store<ushort>>(target, at, index, source); break;
            case 4: IndexedRows.Write<uint, Store<uint>>(target, at, index, source); break;
            default: IndexedRows.Write<ulong, Store<ulong>>(target, at, index, source); break;
        }
    }

    internal override void AddRows(Tensor target, AlongAxis at, Tensor index, Tensor source)
    {
        switch (target.DType)
        {
            case DType.Int32: IndexedRows.Write<int, Accumulate<int>>(target, at, index, source); break;
            case DType.Int64: IndexedRows.Write<long, Accumulate<long>>(target, at, index, source); break;
            case DType.Float32: IndexedRows.Write<float, Accumulate<float>>(target, at, index, source); break;
            case DType.Float64: IndexedRows.Write<double, Accumulate<double>>(target, at, index, source); break;
            default: throw CannotAdd(target);
        }
    }

    internal override void Gather(Tensor x, AlongAxis at, Tensor index, Tensor y)
    {
        switch (x.DType.Size())
        {
            case 1: ElementLoop.Gather<byte>(x, at, index, y); break;
            case 2: ElementLoop.Gather<ushort>(x, at, index, y); break;
            case 4: ElementLoop.Gather<uint>(x, at, index, y); break;
            default: ElementLoop.Gather<ulong>(x, at, index, y); break;
        }
    }

    internal override void Scatter(Tensor target, AlongAxis at, Tensor index, Tensor source)
    {
        switch (target.DType.Size())
        {
            case 1: ElementLoop.Write<byte, Store<byte>>(target, at, index, source); break;
            case 2: ElementLoop.Write<ushort, Store<ushort>>(target, at, index, source); break;
            case 4: ElementLoop.Write<uint, Store<uint>>(target, at, index, source); break;
            default: ElementLoop.Write<ulong, Store<ulong>>(target, at, index, source); break;
        }
    }

    internal override void ScatterAdd(Tensor target, AlongAxis at, Tensor index, Tensor source)
    {
        switch (target.DType)
        {
            case DType.Int32: ElementLoop.Write<int, Accumulate<int>>(target, at, index, source); break;
            case DType.Int64: ElementLoop.Write<long, Accumulate<long>>(target, at, index, source); break;
            case DType.Float32: ElementLoop.Write<float, Accumulate<float>>(target, at, index, source); break;
            case DType.Float64: ElementLoop.Write<double, Accumulate<double>>(target, at, index, source); break;
            default: throw CannotAdd(target);
        }
    }

    internal override void CountRuns(Tensor mask, nint length, nint inner, int run, Tensor counts)
    {
        CountLoop.Run(mask.Pointer<byte>(), counts.Pointer<long>(), mask.Count / (length * inner), length, inner, run);
        GC.KeepAlive((mask, counts));
    }

    internal override void Positions(Tensor mask, Tensor positions) => MaskLoop.Positions(mask, positions);

    internal override void Unravel(Tensor positions, Shape shape, Tensor coordinates) => MaskLoop.Unravel(positions, shape, coordinates);

    internal override void Triangle(Tensor x, Tensor y, int diagonal, bool isUpper) => TriangleLoop.Run(x, y, diagonal, isUpper);

    private static ArgumentException CannotAdd(Tensor target) => new($"Rows of {target.DType.Name()} are added in a wider type.", nameof(target));
}

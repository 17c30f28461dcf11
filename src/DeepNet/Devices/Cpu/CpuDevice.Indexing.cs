using DeepNet.Devices.Cpu;
using DeepNet.Ops;

namespace DeepNet;

public sealed unsafe partial class CpuDevice
{
    /// <inheritdoc/>
    protected internal override bool CheckIndex(Tensor index, in IndexCheck check, Tensor? counted)
    {
        bool hasIgnored = check.Ignored >= check.Lowest && check.Ignored < check.End;
        long* p = index.Pointer<long>();
        nint n = index.Count, at = 0;
        for (nint found; (found = RangeLoop.FindOutside(p + at, n - at, check.Lowest, check.End)) >= 0;)
        {
            at += found;
            if (p[at] != check.Ignored) throw check.Error(at, p[at]);
            hasIgnored = true;
            while (at < n && p[at] == check.Ignored) at++;
        }
        GC.KeepAlive(index);
        return hasIgnored;
    }

    /// <inheritdoc/>
    protected internal override void Gather(Tensor x, IndexedAxis axis, Tensor index, Tensor y)
    {
        switch (x.DType.Size())
        {
            case 1: GatherLoop.Run<byte>(x, axis, index, y); break;
            case 2: GatherLoop.Run<ushort>(x, axis, index, y); break;
            case 4: GatherLoop.Run<uint>(x, axis, index, y); break;
            default: GatherLoop.Run<ulong>(x, axis, index, y); break;
        }
    }

    /// <inheritdoc/>
    protected internal override void Scatter(Tensor target, IndexedAxis axis, Tensor index, Tensor source, bool accumulate)
    {
        if (accumulate) ScatterAdd(target, axis, index, source);
        else ScatterPut(target, axis, index, source);
    }

    private static void ScatterPut(Tensor target, IndexedAxis axis, Tensor index, Tensor source)
    {
        switch (target.DType.Size())
        {
            case 1: ScatterLoop.Run<byte, Store<byte>>(target, axis, index, source); break;
            case 2: ScatterLoop.Run<ushort, Store<ushort>>(target, axis, index, source); break;
            case 4: ScatterLoop.Run<uint, Store<uint>>(target, axis, index, source); break;
            default: ScatterLoop.Run<ulong, Store<ulong>>(target, axis, index, source); break;
        }
    }

    private static void ScatterAdd(Tensor target, IndexedAxis axis, Tensor index, Tensor source)
    {
        switch (target.DType)
        {
            case DType.UInt8: ScatterLoop.Run<byte, Accumulate<byte>>(target, axis, index, source); break;
            case DType.Int8: ScatterLoop.Run<sbyte, Accumulate<sbyte>>(target, axis, index, source); break;
            case DType.Int32: ScatterLoop.Run<int, Accumulate<int>>(target, axis, index, source); break;
            case DType.Int64: ScatterLoop.Run<long, Accumulate<long>>(target, axis, index, source); break;
            case DType.Float32: ScatterLoop.Run<float, Accumulate<float>>(target, axis, index, source); break;
            case DType.Float64: ScatterLoop.Run<double, Accumulate<double>>(target, axis, index, source); break;
            default: throw new ArgumentException($"Rows of {target.DType.Name()} are added in a wider type.", nameof(target));
        }
    }

    /// <inheritdoc/>
    protected internal override void Positions(Tensor mask, Tensor positions, Tensor? coordinates)
    {
        MaskLoop.Positions(mask, positions);
        if (coordinates is { Count: > 0 }) MaskLoop.Unravel(positions, mask.Shape, coordinates);
    }
}

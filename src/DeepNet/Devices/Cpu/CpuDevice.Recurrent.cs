using System.Runtime.Intrinsics;
using DeepNet.Devices.Cpu;

namespace DeepNet;

public sealed unsafe partial class CpuDevice
{
    internal override void Lstm(Tensor gates, Tensor weight, Tensor hidden, Tensor cell, bool isReverse, Tensor y, Tensor cells)
    {
        if (y.DType == DType.Float32)
        {
            if (Vector512.IsHardwareAccelerated) Lstm<W512, float>(gates, weight, hidden, cell, isReverse, y, cells);
            else if (Vector256.IsHardwareAccelerated) Lstm<W256, float>(gates, weight, hidden, cell, isReverse, y, cells);
            else Lstm<W128, float>(gates, weight, hidden, cell, isReverse, y, cells);
        }
        else if (Vector256.IsHardwareAccelerated) Lstm<D256, double>(gates, weight, hidden, cell, isReverse, y, cells);
        else Lstm<F64, double>(gates, weight, hidden, cell, isReverse, y, cells);
    }

    private static void Lstm<V, T>(Tensor gates, Tensor weight, Tensor hidden, Tensor cell, bool isReverse, Tensor y, Tensor cells)
        where V : unmanaged, ISimd<V, T> where T : unmanaged
    {
        int units = cells.Shape[2], line = LstmJob<T>.Line(4 * units);
        T* transposed = (T*)Scratch.GetOuter((nint)units * line * sizeof(T));
        Packing.Panel(weight.Pointer<T>(), units, 1, 4 * units, units, transposed, line);
        var body = new LstmForward<V, T> { Job = new(gates, cells, cell, isReverse), Weight = transposed, Hidden = hidden.Pointer<T>(), Y = y.Pointer<T>() };
        WorkerPool.For(body.Job.Blocks, BlocksPerTask(gates), ref body);
        GC.KeepAlive(gates);
        GC.KeepAlive(weight);
        GC.KeepAlive(hidden);
        GC.KeepAlive(cell);
        GC.KeepAlive(y);
        GC.KeepAlive(cells);
    }

    internal override void LstmBackward(
        Tensor gates, Tensor cells, Tensor weight, Tensor cell, bool isReverse, Tensor g, Tensor slopes, Tensor dhidden, Tensor dcell)
    {
        if (g.DType == DType.Float32)
        {
            if (Vector512.IsHardwareAccelerated) LstmBackward<W512, float>(gates, cells, weight, cell, isReverse, g, slopes, dhidden, dcell);
            else if (Vector256.IsHardwareAccelerated) LstmBackward<W256, float>(gates, cells, weight, cell, isReverse, g, slopes, dhidden, dcell);
            else LstmBackward<W128, float>(gates, cells, weight, cell, isReverse, g, slopes, dhidden, dcell);
        }
        else if (Vector256.IsHardwareAccelerated) LstmBackward<D256, double>(gates, cells, weight, cell, isReverse, g, slopes, dhidden, dcell);
        else LstmBackward<F64, double>(gates, cells, weight, cell, isReverse, g, slopes, dhidden, dcell);
    }

    private static void LstmBackward<V, T>(
        Tensor gates, Tensor cells, Tensor weight, Tensor cell, bool isReverse, Tensor g, Tensor slopes, Tensor dhidden, Tensor dcell)
        where V : unmanaged, ISimd<V, T> where T : unmanaged
    {
        int units = cells.Shape[2], line = LstmJob<T>.Line(units);
        T* copy = (T*)Scratch.GetOuter(4 * (nint)units * line * sizeof(T));
        Packing.Panel(weight.Pointer<T>(), 1, units, units, 4 * units, copy, line);
        var body = new LstmBackward<V, T>
        {
            Job = new(gates, cells, cell, isReverse), Weight = copy, Gradient = g.Pointer<T>(), Slopes = slopes.Pointer<T>(),
            Dhidden = dhidden.Pointer<T>(), Dcell = dcell.Pointer<T>(),
        };
        WorkerPool.For(body.Job.Blocks, BlocksPerTask(gates), ref body);
        GC.KeepAlive(gates);
        GC.KeepAlive(cells);
        GC.KeepAlive(weight);
        GC.KeepAlive(cell);
        GC.KeepAlive(g);
        GC.KeepAlive(slopes);
        GC.KeepAlive(dhidden);
        GC.KeepAlive(dcell);
    }

    // A number of a gate costs a row of products.
    private static nint BlocksPerTask(Tensor gates)
        => Math.Max(1, Grain / 8 / Math.Max(1, gates.Shape[0] * (nint)gates.Shape[2] * LstmJob<float>.Rows));
}

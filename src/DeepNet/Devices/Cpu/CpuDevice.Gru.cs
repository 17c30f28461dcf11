using System.Runtime.Intrinsics;
using DeepNet.Devices.Cpu;

namespace DeepNet;

public sealed unsafe partial class CpuDevice
{
    internal override bool HasGru => true;

    internal override void Gru(Tensor gates, Tensor weight, Tensor? bias, Tensor hidden, bool isReverse, Tensor y, Tensor shares)
    {
        if (y.DType == DType.Float32)
        {
            if (Vector512.IsHardwareAccelerated) Gru<W512, float>(gates, weight, bias, hidden, isReverse, y, shares);
            else if (Vector256.IsHardwareAccelerated) Gru<W256, float>(gates, weight, bias, hidden, isReverse, y, shares);
            else Gru<W128, float>(gates, weight, bias, hidden, isReverse, y, shares);
        }
        else if (Vector256.IsHardwareAccelerated) Gru<D256, double>(gates, weight, bias, hidden, isReverse, y, shares);
        else Gru<F64, double>(gates, weight, bias, hidden, isReverse, y, shares);
    }

    private static void Gru<V, T>(Tensor gates, Tensor weight, Tensor? bias, Tensor hidden, bool isReverse, Tensor y, Tensor shares)
        where V : unmanaged, ISimd<V, T> where T : unmanaged
    {
        int units = y.Shape[2], batch = y.Shape[1], line = LstmJob<T>.Line(3 * units);
        nint ofWeight = (nint)units * line;
        T* transposed = (T*)Scratch.GetOuter((ofWeight + (nint)batch * 3 * units) * sizeof(T));
        Packing.Panel(weight.Pointer<T>(), units, 1, 3 * units, units, transposed, line);
        var body = new GruForward<V, T>
        {
            Job = new(gates, shares, y, hidden, isReverse), Weight = transposed, Projected = transposed + ofWeight, Bias = Address<T>(bias),
        };
        WorkerPool.For(body.Job.Blocks, BlocksPerTask(gates), ref body);
        GC.KeepAlive(gates);
        GC.KeepAlive(weight);
        GC.KeepAlive(bias);
        GC.KeepAlive(hidden);
        GC.KeepAlive(y);
        GC.KeepAlive(shares);
    }

    internal override void GruBackward(
        Tensor gates, Tensor shares, Tensor y, Tensor weight, Tensor hidden, bool isReverse, Tensor g, Tensor slopes, Tensor turns, Tensor dhidden)
    {
        if (g.DType == DType.Float32)
        {
            if (Vector512.IsHardwareAccelerated) GruBackward<W512, float>(gates, shares, y, weight, hidden, isReverse, g, slopes, turns, dhidden);
            else if (Vector256.IsHardwareAccelerated) GruBackward<W256, float>(gates, shares, y, weight, hidden, isReverse, g, slopes, turns, dhidden);
            else GruBackward<W128, float>(gates, shares, y, weight, hidden, isReverse, g, slopes, turns, dhidden);
        }
        else if (Vector256.IsHardwareAccelerated) GruBackward<D256, double>(gates, shares, y, weight, hidden, isReverse, g, slopes, turns, dhidden);
        else GruBackward<F64, double>(gates, shares, y, weight, hidden, isReverse, g, slopes, turns, dhidden);
    }

    private static void GruBackward<V, T>(
        Tensor gates, Tensor shares, Tensor y, Tensor weight, Tensor hidden, bool isReverse, Tensor g, Tensor slopes, Tensor turns, Tensor dhidden)
        where V : unmanaged, ISimd<V, T> where T : unmanaged
    {
        int units = y.Shape[2], line = LstmJob<T>.Line(units);
        T* copy = (T*)Scratch.GetOuter(3 * (nint)units * line * sizeof(T));
        Packing.Panel(weight.Pointer<T>(), 1, units, units, 3 * units, copy, line);
        var body = new GruBackward<V, T>
        {
            Job = new(gates, shares, y, hidden, isReverse), Weight = copy, Gradient = g.Pointer<T>(), Slopes = slopes.Pointer<T>(),
            Turns = turns.Pointer<T>(), Dhidden = dhidden.Pointer<T>(),
        };
        WorkerPool.For(body.Job.Blocks, BlocksPerTask(gates), ref body);
        GC.KeepAlive(gates);
        GC.KeepAlive(shares);
        GC.KeepAlive(y);
        GC.KeepAlive(weight);
        GC.KeepAlive(hidden);
        GC.KeepAlive(g);
        GC.KeepAlive(slopes);
        GC.KeepAlive(turns);
        GC.KeepAlive(dhidden);
    }
}

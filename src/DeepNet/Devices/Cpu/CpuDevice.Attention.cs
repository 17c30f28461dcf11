using System.Numerics;
using System.Runtime.Intrinsics;
using DeepNet.Devices.Cpu;
using DeepNet.Ops;

namespace DeepNet;

public sealed unsafe partial class CpuDevice
{
    /// <inheritdoc/>
    protected internal override void Attention(Tensor q, Tensor k, Tensor v, Tensor? mask, AttentionRule rule, Tensor y, Tensor sums)
    {
        if (q.DType.IsHalf())
        {
            AttentionHalves(q, k, v, mask, rule, y, sums);
        }
        else if (q.DType == DType.Float32)
        {
            if (Vector512.IsHardwareAccelerated) Attention<W512, float>(q, k, v, mask, rule, y, sums);
            else if (Vector256.IsHardwareAccelerated) Attention<W256, float>(q, k, v, mask, rule, y, sums);
            else Attention<W128, float>(q, k, v, mask, rule, y, sums);
        }
        else if (Vector256.IsHardwareAccelerated) Attention<D256, double>(q, k, v, mask, rule, y, sums);
        else Attention<F64, double>(q, k, v, mask, rule, y, sums);
    }

    private static void Attention<V, T>(Tensor q, Tensor k, Tensor v, Tensor? mask, AttentionRule rule, Tensor y, Tensor sums)
        where V : unmanaged, ISimd<V, T> where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var body = new AttentionForward<V, T> { Job = new(q, k, v, mask, rule), Output = new(y), Sums = sums.Pointer<T>() };
        WorkerPool.For((nint)q.Shape[0] * q.Shape[1], HeadsPerTask(q, k), ref body);
        GC.KeepAlive(q);
        GC.KeepAlive(k);
        GC.KeepAlive(v);
        GC.KeepAlive(mask);
        GC.KeepAlive(y);
        GC.KeepAlive(sums);
    }

    /// <inheritdoc/>
    protected internal override void AttentionBackward(
        Tensor q, Tensor k, Tensor v, Tensor? mask, AttentionRule rule, Tensor y, Tensor sums, Tensor g, Tensor? dq, Tensor? dk, Tensor? dv,
        bool accumulate)
    {
        if (q.DType.IsHalf())
        {
            AttentionBackwardHalves(q, k, v, mask, rule, y, sums, g, dq, dk, dv, accumulate);
        }
        else if (q.DType == DType.Float32)
        {
            if (Vector512.IsHardwareAccelerated) AttentionBackward<W512, float>(q, k, v, mask, rule, y, sums, g, dq, dk, dv, accumulate);
            else if (Vector256.IsHardwareAccelerated)
                AttentionBackward<W256, float>(q, k, v, mask, rule, y, sums, g, dq, dk, dv, accumulate);
            else AttentionBackward<W128, float>(q, k, v, mask, rule, y, sums, g, dq, dk, dv, accumulate);
        }
        else if (Vector256.IsHardwareAccelerated) AttentionBackward<D256, double>(q, k, v, mask, rule, y, sums, g, dq, dk, dv, accumulate);
        else AttentionBackward<F64, double>(q, k, v, mask, rule, y, sums, g, dq, dk, dv, accumulate);
    }

    private static void AttentionBackward<V, T>(
        Tensor q, Tensor k, Tensor v, Tensor? mask, AttentionRule rule, Tensor y, Tensor sums, Tensor g, Tensor? dq, Tensor? dk, Tensor? dv,
        bool accumulate)
        where V : unmanaged, ISimd<V, T> where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var body = new AttentionBackward<V, T>
        {
            Job = new(q, k, v, mask, rule), Output = new(y), Gradient = new(g), Sums = sums.Pointer<T>(),
            Dq = new(dq), Dk = new(dk), Dv = new(dv), Adds = accumulate,
        };
        WorkerPool.For((nint)q.Shape[0] * q.Shape[1], HeadsPerTask(q, k), ref body);
        GC.KeepAlive(q);
        GC.KeepAlive(k);
        GC.KeepAlive(v);
        GC.KeepAlive(mask);
        GC.KeepAlive(y);
        GC.KeepAlive(sums);
        GC.KeepAlive(g);
        GC.KeepAlive(dq);
        GC.KeepAlive(dk);
        GC.KeepAlive(dv);
    }

    // A score costs some products and an exponential.
    private static nint HeadsPerTask(Tensor q, Tensor k) => Math.Max(1, Grain / 8 / Math.Max(1, (nint)q.Shape[2] * k.Shape[2]));
}

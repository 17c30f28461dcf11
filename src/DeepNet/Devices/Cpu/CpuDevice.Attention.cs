using DeepNet.Devices.Cpu;

namespace DeepNet;

public sealed unsafe partial class CpuDevice : IRotator
{
    /// <inheritdoc/>
    protected internal override void Attention(
        Tensor q, Tensor k, Tensor v, AttentionMasks masks, AttentionRule rule, Tensor y, Tensor sums)
    {
        using var wide = new Widening();
        var call = new AttentionCall(wide.Read(q), wide.Read(k), wide.Read(v), masks, rule, wide.Write(y), sums);
        Simd.Run(q.DType, ref call);
    }

    private readonly struct AttentionCall(
        Tensor q, Tensor k, Tensor v, AttentionMasks masks, AttentionRule rule, Tensor y, Tensor sums) : ISimdBody
    {
        public void Run<V, T>() where V : unmanaged, ISimd<V, T> where T : unmanaged, IBinaryFloatingPointIeee754<T>
        {
            // The heads of one query that share their keys are the rows of one product, and the keys are read once for all of them.
            int group = q.Shape[1] / k.Shape[1], fold = q.Shape[2] == 1 ? group : 1;
            var job = new AttentionJob<V, T>(q, k, v, masks, rule, fold);
            var body = new AttentionForward<V, T> { Job = job, Output = new(y, fold), Sums = sums.Pointer<T>() };
            WorkerPool.For((nint)q.Shape[0] * job.Heads, HeadsPerTask(q, k), ref body);
        }
    }

    /// <inheritdoc/>
    protected internal override void AttentionBackward(
        Tensor q, Tensor k, Tensor v, AttentionMasks masks, AttentionRule rule, Tensor y, Tensor sums, Tensor g, Tensor? dq, Tensor? dk,
        Tensor? dv, bool accumulate)
    {
        using var wide = new Widening();
        var call = new AttentionBackwardCall(
            wide.Read(q), wide.Read(k), wide.Read(v), masks, rule, wide.Read(y), sums, wide.Read(g), wide.Write(dq, accumulate),
            wide.Write(dk, accumulate), wide.Write(dv, accumulate), accumulate);
        Simd.Run(q.DType, ref call);
    }

    private readonly struct AttentionBackwardCall(
        Tensor q, Tensor k, Tensor v, AttentionMasks masks, AttentionRule rule, Tensor y, Tensor sums, Tensor g, Tensor? dq, Tensor? dk,
        Tensor? dv, bool accumulate) : ISimdBody
    {
        public void Run<V, T>() where V : unmanaged, ISimd<V, T> where T : unmanaged, IBinaryFloatingPointIeee754<T>
        {
            var body = new AttentionBackward<V, T>
            {
                Job = new(q, k, v, masks, rule), Output = new(y), Gradient = new(g), Sums = sums.Pointer<T>(),
                Dq = new(dq), Dk = new(dk), Dv = new(dv), Adds = accumulate,
            };
            WorkerPool.For((nint)k.Shape[0] * k.Shape[1], HeadsPerTask(q, k), ref body);
        }
    }

    // A score costs some products and an exponential.
    private static nint HeadsPerTask(Tensor q, Tensor k) => Math.Max(1, Grain / 8 / Math.Max(1, (nint)q.Shape[2] * k.Shape[2]));

    void IRotator.Rotate(Tensor x, Tensor cos, Tensor sin, bool isInterleaved, bool isBackwards, Tensor y)
    {
        var call = new RotateCall(x, cos, sin, isInterleaved, isBackwards, y);
        Simd.Run(x.DType, ref call);
    }

    private readonly struct RotateCall(Tensor x, Tensor cos, Tensor sin, bool isInterleaved, bool isBackwards, Tensor y) : ISimdBody
    {
        public void Run<V, T>() where V : unmanaged, ISimd<V, T> where T : unmanaged, IBinaryFloatingPointIeee754<T>
        {
            var body = new RotateBody<V, T>
            {
                X = x.Pointer<T>(), Cos = cos.Pointer<T>(), Sin = sin.Pointer<T>(), Y = y.Pointer<T>(),
                BatchStride = x.Strides[0], StepStride = x.Strides[1], HeadStride = x.Strides[2],
                Steps = x.Shape[1], Heads = x.Shape[2], Half = x.Shape[3] / 2, IsInterleaved = isInterleaved,
                Sign = isBackwards ? -T.One : T.One,
            };
            WorkerPool.For((nint)x.Shape[0] * x.Shape[1], Math.Max(1, Grain / Math.Max(1, x.Shape[2] * x.Shape[3])), ref body);
        }
    }
}

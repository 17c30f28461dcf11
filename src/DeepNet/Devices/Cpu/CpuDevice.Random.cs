using System.Numerics;
using DeepNet.Devices.Cpu;

namespace DeepNet;

public sealed unsafe partial class CpuDevice
{
    internal override void FillRandom<TDistribution>(TDistribution distribution, RandomStream stream, Tensor y, Tensor? factor)
    {
        if (factor is not null && y.DType.IsHalf())
        {
            var wide = Widened(factor);
            FillRandom(distribution, stream, wide, wide);
            Round(wide, y);
            return;
        }
        var call = new RandomCall<TDistribution>(distribution, stream, y, factor);
        Simd.Run(y.DType, ref call);
    }

    private readonly struct RandomCall<TDistribution>(TDistribution distribution, RandomStream stream, Tensor y, Tensor? factor) : ISimdBody
        where TDistribution : unmanaged, IDistribution
    {
        public void Run<V, T>() where V : unmanaged, ISimd<V, T> where T : unmanaged, IBinaryFloatingPointIeee754<T>
        {
            var body = new RandomLoop.Uniforms<TDistribution, V, T>
            {
                Distribution = distribution, Stream = stream, Y = y.Pointer<T>(), Factor = Address<T>(factor),
            };
            WorkerPool.For(y.Count, RandomLoop.Grain, ref body);
            GC.KeepAlive(y);
            GC.KeepAlive(factor);
        }
    }

    internal override void FillNormal(BoxMuller normal, RandomStream stream, Tensor y)
    {
        var call = new NormalCall(normal, stream, y);
        Simd.Run(y.DType, ref call);
    }

    private readonly struct NormalCall(BoxMuller normal, RandomStream stream, Tensor y) : ISimdBody
    {
        public void Run<V, T>() where V : unmanaged, ISimd<V, T> where T : unmanaged, IBinaryFloatingPointIeee754<T>
        {
            var body = new RandomLoop.Normals<V, T> { Normal = normal, Stream = stream, Y = y.Pointer<T>() };
            WorkerPool.For(y.Count, RandomLoop.Grain, ref body);
            GC.KeepAlive(y);
        }
    }

    internal override void FillIntegers(long low, ulong range, RandomStream stream, Tensor y)
    {
        if (y.DType == DType.Int32) FillIntegers<int>(low, range, stream, y);
        else FillIntegers<long>(low, range, stream, y);
    }

    private static void FillIntegers<T>(long low, ulong range, RandomStream stream, Tensor y) where T : unmanaged, IBinaryInteger<T>
    {
        var body = new RandomLoop.Integers<T> { Low = low, Range = range, Stream = stream, Y = y.Pointer<T>() };
        WorkerPool.For(y.Count, RandomLoop.Grain, ref body);
        GC.KeepAlive(y);
    }
}

using DeepNet.Devices.Cpu;

namespace DeepNet;

public sealed unsafe partial class CpuDevice
{
    /// <inheritdoc/>
    protected internal override void FillRandom<TDistribution>(TDistribution distribution, RandomSource stream, Tensor y, Tensor? factor)
    {
        using var wide = new Widening();
        (y, factor) = (wide.Write(y), wide.Read(factor));
        if (distribution is NormalPairs normal)
        {
            var call = new NormalCall(normal, stream, y);
            Simd.Run(y.DType, ref call);
        }
        else if (distribution is UniformIntegers integers && !y.DType.IsFloating())
        {
            if (y.DType == DType.Int32) FillIntegers<int>(integers, stream, y);
            else FillIntegers<long>(integers, stream, y);
        }
        else
        {
            var call = new RandomCall<TDistribution>(distribution, stream, y, factor);
            Simd.Run(y.DType, ref call);
        }
    }

    private readonly struct RandomCall<TDistribution>(TDistribution distribution, RandomSource stream, Tensor y, Tensor? factor) : ISimdBody
        where TDistribution : unmanaged, IDistribution
    {
        public void Run<V, T>() where V : unmanaged, ISimd<V, T> where T : unmanaged, IBinaryFloatingPointIeee754<T>
        {
            var body = new RandomLoop.Uniforms<TDistribution, V, T>
            {
                Distribution = distribution, Stream = stream, Y = y.Pointer<T>(), Factor = Address<T>(factor),
            };
            WorkerPool.For(y.Count, RandomLoop.Grain, ref body);
        }
    }

    private readonly struct NormalCall(NormalPairs normal, RandomSource stream, Tensor y) : ISimdBody
    {
        public void Run<V, T>() where V : unmanaged, ISimd<V, T> where T : unmanaged, IBinaryFloatingPointIeee754<T>
        {
            var body = new RandomLoop.Normals<V, T> { Normal = normal, Stream = stream, Y = y.Pointer<T>() };
            WorkerPool.For(y.Count, RandomLoop.Grain, ref body);
        }
    }

    private static void FillIntegers<T>(UniformIntegers of, RandomSource stream, Tensor y) where T : unmanaged, IBinaryInteger<T>
    {
        var body = new RandomLoop.Integers<T> { Low = of.Low, Range = of.Range, Stream = stream, Y = y.Pointer<T>() };
        WorkerPool.For(y.Count, RandomLoop.Grain, ref body, y);
    }
}

using System.Runtime.Intrinsics;
using DeepNet.Devices.Cpu;

namespace DeepNet;

public sealed unsafe partial class CpuDevice
{
    internal override void FillRandom<TDistribution>(TDistribution distribution, RandomStream stream, Tensor y)
    {
        if (y.DType == DType.Float32)
        {
            if (Vector512.IsHardwareAccelerated) FillRandom<TDistribution, W512, float, FloatBitsOfWords>(distribution, stream, y);
            else if (Vector256.IsHardwareAccelerated) FillRandom<TDistribution, W256, float, FloatBitsOfWords>(distribution, stream, y);
            else FillRandom<TDistribution, W128, float, FloatBitsOfWords>(distribution, stream, y);
        }
        else if (Vector256.IsHardwareAccelerated) FillRandom<TDistribution, D256, double, DoubleBitsOfWords>(distribution, stream, y);
        else FillRandom<TDistribution, F64, double, DoubleBitsOfWords>(distribution, stream, y);
    }

    private static void FillRandom<TDistribution, V, T, TWords>(TDistribution distribution, RandomStream stream, Tensor y)
        where TDistribution : unmanaged, IDistribution where V : unmanaged, ISimd<V, T> where T : unmanaged where TWords : IRandomWords<T>
    {
        var body = new RandomLoop.Uniforms<TDistribution, V, T, TWords> { Distribution = distribution, Stream = stream, Y = y.Pointer<T>() };
        WorkerPool.For(y.Count, RandomLoop.Grain, ref body);
        GC.KeepAlive(y);
    }

    internal override void FillNormal(BoxMuller normal, RandomStream stream, Tensor y)
    {
        if (y.DType == DType.Float32)
        {
            if (Vector512.IsHardwareAccelerated) FillNormal<W512, float, FloatBitsOfWords>(normal, stream, y);
            else if (Vector256.IsHardwareAccelerated) FillNormal<W256, float, FloatBitsOfWords>(normal, stream, y);
            else FillNormal<W128, float, FloatBitsOfWords>(normal, stream, y);
        }
        else if (Vector256.IsHardwareAccelerated) FillNormal<D256, double, DoubleBitsOfWords>(normal, stream, y);
        else FillNormal<F64, double, DoubleBitsOfWords>(normal, stream, y);
    }

    private static void FillNormal<V, T, TWords>(BoxMuller normal, RandomStream stream, Tensor y)
        where V : unmanaged, ISimd<V, T> where T : unmanaged where TWords : IRandomWords<T>
    {
        var body = new RandomLoop.Normals<V, T, TWords> { Normal = normal, Stream = stream, Y = y.Pointer<T>() };
        WorkerPool.For(y.Count, RandomLoop.Grain, ref body);
        GC.KeepAlive(y);
    }

    internal override void FillIntegers(long low, ulong range, RandomStream stream, Tensor y)
    {
        if (y.DType == DType.Int32) FillIntegers<int>(low, range, stream, y);
        else FillIntegers<long>(low, range, stream, y);
    }

    private static void FillIntegers<T>(long low, ulong range, RandomStream stream, Tensor y) where T : unmanaged, System.Numerics.IBinaryInteger<T>
    {
        var body = new RandomLoop.Integers<T> { Low = low, Range = range, Stream = stream, Y = y.Pointer<T>() };
        WorkerPool.For(y.Count, RandomLoop.Grain, ref body);
        GC.KeepAlive(y);
    }

    internal override void MultiplyRandom<TDistribution>(TDistribution distribution, RandomStream stream, Tensor x, Tensor y)
    {
        if (y.DType.IsHalf())
        {
            var wide = Widened(x);
            MultiplyRandom(distribution, stream, wide, wide);
            Round(wide, y);
        }
        else if (y.DType == DType.Float32)
        {
            if (Vector512.IsHardwareAccelerated) MultiplyRandom<TDistribution, W512, float>(distribution, stream, x, y);
            else if (Vector256.IsHardwareAccelerated) MultiplyRandom<TDistribution, W256, float>(distribution, stream, x, y);
            else MultiplyRandom<TDistribution, W128, float>(distribution, stream, x, y);
        }
        else if (Vector256.IsHardwareAccelerated) MultiplyRandom<TDistribution, D256, double>(distribution, stream, x, y);
        else MultiplyRandom<TDistribution, F64, double>(distribution, stream, x, y);
    }

    private static void MultiplyRandom<TDistribution, V, T>(TDistribution distribution, RandomStream stream, Tensor x, Tensor y)
        where TDistribution : unmanaged, IDistribution where V : unmanaged, ISimd<V, T> where T : unmanaged
    {
        var body = new RandomLoop.Products<TDistribution, V, T> { Distribution = distribution, Stream = stream, X = x.Pointer<T>(), Y = y.Pointer<T>() };
        WorkerPool.For(y.Count, RandomLoop.Grain, ref body);
        GC.KeepAlive(x);
        GC.KeepAlive(y);
    }
}

namespace DeepNet.Ilgpu;

internal sealed partial class IlgpuDevice
{
    internal override void FillRandom<TDistribution>(TDistribution distribution, RandomStream stream, Tensor y, Tensor? factor)
    {
        switch (y.DType)
        {
            case DType.Float32: FillRandom<TDistribution, FloatUnits, GpuFloat, float>(distribution, stream, y, factor); break;
            case DType.BFloat16: FillRandom<TDistribution, FloatUnits, GpuFloat, BrainBits>(distribution, stream, y, factor); break;
            case DType.Float16: FillRandom<TDistribution, FloatUnits, GpuFloat, HalfBits>(distribution, stream, y, factor); break;
            default: FillRandom<TDistribution, DoubleUnits, GpuDouble, double>(distribution, stream, y, factor); break;
        }
        GC.KeepAlive((y, factor));
    }

    private void FillRandom<TDistribution, TUnits, V, T>(TDistribution distribution, RandomStream stream, Tensor y, Tensor? factor)
        where TDistribution : unmanaged, IDistribution where TUnits : unmanaged, IGpuUnits<V>
        where V : unmanaged, IGpuNumber<V, T> where T : unmanaged
    {
        if (factor is null)
            RunWide(new RandomJob<TDistribution, TUnits, V, T>
            {
                Distribution = distribution, Words = new(stream), Y = View<T>(y),
            }, y.Count, IsAligned(y));
        else
            RunWide(new MultiplyRandomJob<TDistribution, V, T>
            {
                Distribution = distribution, Words = new(stream), X = View<T>(factor), Y = View<T>(y),
            }, y.Count, IsAligned(y) && IsAligned(factor));
    }

    internal override void FillNormal(BoxMuller normal, RandomStream stream, Tensor y)
    {
        long pairs = (y.Count + RandomStream.PairGroup - 1) / RandomStream.PairGroup * (RandomStream.PairGroup / 2);
        if (y.DType == DType.Float32)
            Run(new NormalJob<FloatUnits, GpuFloat, float> { Normal = normal, Words = new(stream), Y = View<float>(y), Count = y.Count },
                pairs);
        else Run(new NormalJob<DoubleUnits, GpuDouble, double>
        {
            Normal = normal, Words = new(stream), Y = View<double>(y),
            Count = y.Count
        }, pairs);
        GC.KeepAlive(y);
    }

    internal override void FillIntegers(long low, ulong range, RandomStream stream, Tensor y)
    {
        if (y.DType == DType.Int32)
            Run(new IntegerJob<Int32OnGpu, int> { Low = low, Range = range, Words = new(stream), Y = View<int>(y) }, y.Count);
        else Run(new IntegerJob<Int64OnGpu, long> { Low = low, Range = range, Words = new(stream), Y = View<long>(y) }, y.Count);
        GC.KeepAlive(y);
    }
}

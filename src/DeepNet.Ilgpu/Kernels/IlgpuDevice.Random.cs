namespace DeepNet.Ilgpu;

internal sealed partial class IlgpuDevice
{
    internal override void FillRandom<TDistribution>(TDistribution distribution, RandomStream stream, Tensor y)
    {
        if (y.DType == DType.Float32) RunWide(new RandomJob<TDistribution, FloatUnits, GpuFloat, float> { Distribution = distribution, Words = new(stream), Y = View<float>(y) }, y.Count, IsAligned(y));
        else RunWide(new RandomJob<TDistribution, DoubleUnits, GpuDouble, double> { Distribution = distribution, Words = new(stream), Y = View<double>(y) }, y.Count, IsAligned(y));
        GC.KeepAlive(y);
    }

    internal override void FillNormal(BoxMuller normal, RandomStream stream, Tensor y)
    {
        long pairs = (y.Count + RandomStream.PairGroup - 1) / RandomStream.PairGroup * (RandomStream.PairGroup / 2);
        if (y.DType == DType.Float32) Run(new NormalJob<FloatUnits, GpuFloat, float> { Normal = normal, Words = new(stream), Y = View<float>(y), Count = y.Count }, pairs);
        else Run(new NormalJob<DoubleUnits, GpuDouble, double> { Normal = normal, Words = new(stream), Y = View<double>(y), Count = y.Count }, pairs);
        GC.KeepAlive(y);
    }

    internal override void FillIntegers(long low, ulong range, RandomStream stream, Tensor y)
    {
        if (y.DType == DType.Int32) Run(new IntegerJob<Int32OnGpu, int> { Low = low, Range = range, Words = new(stream), Y = View<int>(y) }, y.Count);
        else Run(new IntegerJob<Int64OnGpu, long> { Low = low, Range = range, Words = new(stream), Y = View<long>(y) }, y.Count);
        GC.KeepAlive(y);
    }

    internal override void MultiplyRandom<TDistribution>(TDistribution distribution, RandomStream stream, Tensor x, Tensor y)
    {
        switch (y.DType)
        {
            case DType.Float32: MultiplyRandom<TDistribution, GpuFloat, float>(distribution, stream, x, y); break;
            case DType.BFloat16: MultiplyRandom<TDistribution, GpuFloat, BrainBits>(distribution, stream, x, y); break;
            case DType.Float16: MultiplyRandom<TDistribution, GpuFloat, HalfBits>(distribution, stream, x, y); break;
            default: MultiplyRandom<TDistribution, GpuDouble, double>(distribution, stream, x, y); break;
        }
        GC.KeepAlive((x, y));
    }

    private void MultiplyRandom<TDistribution, V, T>(TDistribution distribution, RandomStream stream, Tensor x, Tensor y)
        where TDistribution : unmanaged, IDistribution where V : unmanaged, IGpuNumber<V, T> where T : unmanaged
        => RunWide(new MultiplyRandomJob<TDistribution, V, T> { Distribution = distribution, Words = new(stream), X = View<T>(x), Y = View<T>(y) }, y.Count, IsAligned(x) && IsAligned(y));
}

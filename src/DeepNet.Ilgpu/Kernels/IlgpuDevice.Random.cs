namespace DeepNet.Ilgpu;

internal sealed partial class IlgpuDevice
{
    internal override void FillRandom<TDistribution>(TDistribution distribution, RandomStream stream, Tensor y)
    {
        if (y.DType == DType.Float32) Run(new RandomJob<TDistribution, FloatUnits, GpuFloat, float> { Distribution = distribution, Words = new(stream), Y = View<float>(y) }, y.Count);
        else Run(new RandomJob<TDistribution, DoubleUnits, GpuDouble, double> { Distribution = distribution, Words = new(stream), Y = View<double>(y) }, y.Count);
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
        if (y.DType == DType.Float32)
            Run(new MultiplyRandomJob<TDistribution, GpuFloat, float> { Distribution = distribution, Words = new(stream), X = View<float>(x), Y = View<float>(y) }, y.Count);
        else
            Run(new MultiplyRandomJob<TDistribution, GpuDouble, double> { Distribution = distribution, Words = new(stream), X = View<double>(x), Y = View<double>(y) }, y.Count);
        GC.KeepAlive((x, y));
    }
}

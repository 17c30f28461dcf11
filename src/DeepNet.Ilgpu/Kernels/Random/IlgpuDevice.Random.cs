namespace DeepNet.Ilgpu;

internal sealed partial class IlgpuDevice
{
    protected internal override void FillRandom<TDistribution>(TDistribution distribution, RandomSource stream, Tensor y, Tensor? factor)
    {
        switch (y.DType)
        {
            case DType.Float32: FillRandom<TDistribution, FloatUnits, GpuFloat, float>(distribution, stream, y, factor); break;
            case DType.BFloat16: FillRandom<TDistribution, FloatUnits, GpuFloat, BrainBits>(distribution, stream, y, factor); break;
            case DType.Float16: FillRandom<TDistribution, FloatUnits, GpuFloat, HalfBits>(distribution, stream, y, factor); break;
            case DType.Int32 when distribution is UniformIntegers integers: FillIntegers<Int32OnGpu, int>(integers, stream, y); break;
            case DType.Int64 when distribution is UniformIntegers integers: FillIntegers<Int64OnGpu, long>(integers, stream, y); break;
            default: FillRandom<TDistribution, DoubleUnits, GpuDouble, double>(distribution, stream, y, factor); break;
        }
        Tensor.KeepAlive(y, factor);
    }

    private void FillRandom<TDistribution, TUnits, V, T>(TDistribution distribution, RandomSource stream, Tensor y, Tensor? factor)
        where TDistribution : unmanaged, IDistribution where TUnits : unmanaged, IGpuUnits<V>
        where V : unmanaged, IGpuNumber<V, T> where T : unmanaged
    {
        if (distribution is NormalPairs normal)
            FillNormal<TUnits, V, T>(normal, stream, y);
        else if (factor is null)
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

    private void FillNormal<TUnits, V, T>(NormalPairs normal, RandomSource stream, Tensor y)
        where TUnits : unmanaged, IGpuUnits<V> where V : unmanaged, IGpuNumber<V, T> where T : unmanaged
    {
        long pairs = (y.Count + RandomSource.PairGroup - 1) / RandomSource.PairGroup * (RandomSource.PairGroup / 2);
        Run(new NormalJob<TUnits, V, T> { Normal = normal, Words = new(stream), Y = View<T>(y), Count = y.Count }, pairs);
    }

    private void FillIntegers<TElement, T>(UniformIntegers integers, RandomSource stream, Tensor y)
        where TElement : unmanaged, IGpuElement<T> where T : unmanaged
        => Run(new IntegerJob<TElement, T> { Low = integers.Low, Range = integers.Range, Words = new(stream), Y = View<T>(y) }, y.Count);
}

using DeepNet.Ops;

namespace DeepNet.Ilgpu;

internal sealed partial class IlgpuDevice
{
    internal override void Normalize(Tensor x, NormLayout at, Tensor? weight, Tensor? bias, double epsilon, Tensor y, Tensor mean, Tensor variance)
    {
        if (x.DType == DType.Float32) Normalize<GpuFloat, float>(x, at, weight, bias, (float)epsilon, at.Size, y, mean, variance);
        else Normalize<GpuDouble, double>(x, at, weight, bias, epsilon, at.Size, y, mean, variance);
        GC.KeepAlive((x, weight, bias, y, mean, variance));
    }

    private void Normalize<V, T>(Tensor x, NormLayout at, Tensor? weight, Tensor? bias, T epsilon, T size, Tensor y, Tensor mean, Tensor variance)
        where V : unmanaged, IGpuNumber<V, T> where T : unmanaged
        => RunRows(new NormalizeJob<V, T>
        {
            X = View<T>(x), Y = View<T>(y), Weight = View<T>(weight ?? x), Bias = View<T>(bias ?? x), Mean = View<T>(mean), Variance = View<T>(variance),
            Place = new(at), Size = size, Epsilon = epsilon, IsCentered = at.IsCentered ? 1 : 0, IsPerElement = at.IsPerElement ? 1 : 0,
            HasWeight = weight is null ? 0 : 1, HasBias = bias is null ? 0 : 1,
        }, at.Groups, at.Size);

    internal override void NormalizeBackward(
        Tensor x, Tensor g, NormLayout at, Tensor? weight, double epsilon, Tensor mean, Tensor variance, Tensor? dx, Tensor? dweight, Tensor? dbias)
    {
        if (x.DType == DType.Float32) NormalizeBackward<GpuFloat, float>(x, g, at, weight, (float)epsilon, at.Size, mean, variance, dx, dweight, dbias);
        else NormalizeBackward<GpuDouble, double>(x, g, at, weight, epsilon, at.Size, mean, variance, dx, dweight, dbias);
        GC.KeepAlive((x, g, weight, mean, variance, dx));
        GC.KeepAlive((dweight, dbias));
    }

    private void NormalizeBackward<V, T>(
        Tensor x, Tensor g, NormLayout at, Tensor? weight, T epsilon, T size, Tensor mean, Tensor variance, Tensor? dx, Tensor? dweight, Tensor? dbias)
        where V : unmanaged, IGpuNumber<V, T> where T : unmanaged
    {
        // Before dx is written, which may be g.
        if (at.IsPerElement && dweight is not null)
        {
            var all = Temporary(x.DType, at.Groups, at.Inner);
            Run(new NormWeightJob<V, T> { X = View<T>(x), G = View<T>(g), Mean = View<T>(mean), Variance = View<T>(variance), Y = View<T>(all), Inner = at.Inner, Epsilon = epsilon }, x.Count);
            Reduce(new Identity(), new AddUp(), all, dweight.Detach().Reshape(1, at.Inner));
            Done(all);
        }
        if (at.IsPerElement && dbias is not null)
            Reduce(new Identity(), new AddUp(), g.Detach().Reshape(at.Groups, at.Inner), dbias.Detach().Reshape(1, at.Inner));
        if (dx is null && at.IsPerElement) return;
        RunRows(new NormalizeBackwardJob<V, T>
        {
            X = View<T>(x), G = View<T>(g), Weight = View<T>(weight ?? x), Mean = View<T>(mean), Variance = View<T>(variance), Dx = View<T>(dx ?? g),
            Dweight = View<T>(dweight ?? g), Dbias = View<T>(dbias ?? g), Place = new(at), Size = size, Epsilon = epsilon,
            IsCentered = at.IsCentered ? 1 : 0, IsPerElement = at.IsPerElement ? 1 : 0, HasWeight = weight is null ? 0 : 1,
            WantsX = dx is null ? 0 : 1, WantsWeight = dweight is null ? 0 : 1, WantsBias = dbias is null ? 0 : 1,
        }, at.Groups, at.Size);
    }
}

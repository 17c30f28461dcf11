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
    {
        int isCentered = at.IsCentered ? 1 : 0, isPerElement = at.IsPerElement ? 1 : 0, hasWeight = weight is null ? 0 : 1, hasBias = bias is null ? 0 : 1;
        ArrayView<T> from = View<T>(x), weights = View<T>(weight ?? x), biases = View<T>(bias ?? x);
        if (at.Outer == 1)
            RunRows(new NormalizeRowsJob<V, T>
            {
                X = from, Y = View<T>(y), Weight = weights, Bias = biases, Mean = View<T>(mean), Variance = View<T>(variance), Share = ShareOf(at.Groups, at.Size, x, y, weight ?? x, bias ?? x),
                Size = size, Epsilon = epsilon, IsCentered = isCentered, IsPerElement = isPerElement, HasWeight = hasWeight, HasBias = hasBias,
            }, at.Groups, at.Size);
        else
            RunGroups(new NormalizeJob<V, T>
            {
                X = from, Y = View<T>(y), Weight = weights, Bias = biases, Mean = View<T>(mean), Variance = View<T>(variance), Place = new(at),
                Size = size, Epsilon = epsilon, IsCentered = isCentered, IsPerElement = isPerElement, HasWeight = hasWeight, HasBias = hasBias,
            }, at.Groups);
    }

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
        if (at.IsPerElement && (dweight is not null || dbias is not null))
        {
            _ = Accelerator;
            var plan = ColumnPlan.Of(1, at.Groups, at.Inner, GroupSize, Processors);
            Tensor? weights = plan.Blocks == 1 ? dweight : Temporary(x.DType, (int)plan.Blocks, at.Inner), biases = plan.Blocks == 1 ? dbias : Temporary(x.DType, (int)plan.Blocks, at.Inner);
            RunGroups(new NormWeightJob<V, T>
            {
                X = View<T>(x), G = View<T>(g), Mean = View<T>(mean), Variance = View<T>(variance), Dweight = View<T>(weights ?? g), Dbias = View<T>(biases ?? g), Tiles = plan.Tiles,
                Rows = at.Groups, Length = at.Inner, Block = plan.Block, Epsilon = epsilon, Across = plan.Across, WantsWeight = dweight is null ? 0 : 1, WantsBias = dbias is null ? 0 : 1,
            }, plan.Tiles * plan.Blocks);
            if (plan.Blocks > 1)
            {
                if (dweight is not null) Reduce(new Identity(), new AddUp(), weights!, dweight.Detach().Reshape(1, at.Inner));
                if (dbias is not null) Reduce(new Identity(), new AddUp(), biases!, dbias.Detach().Reshape(1, at.Inner));
                Done(weights);
                Done(biases);
            }
        }
        if (dx is null && at.IsPerElement) return;
        int isCentered = at.IsCentered ? 1 : 0, isPerElement = at.IsPerElement ? 1 : 0, hasWeight = weight is null ? 0 : 1;
        int wantsX = dx is null ? 0 : 1, wantsWeight = dweight is null ? 0 : 1, wantsBias = dbias is null ? 0 : 1;
        ArrayView<T> from = View<T>(x), slopes = View<T>(g), to = View<T>(dx ?? g);
        if (at.Outer == 1)
            RunRows(new NormalizeRowsBackwardJob<V, T>
            {
                X = from, G = slopes, Weight = View<T>(weight ?? x), Mean = View<T>(mean), Variance = View<T>(variance), Dx = to, Dweight = View<T>(dweight ?? g), Dbias = View<T>(dbias ?? g),
                Share = ShareOf(at.Groups, at.Size, x, g, weight ?? x, dx ?? g), Size = size, Epsilon = epsilon, IsCentered = isCentered, IsPerElement = isPerElement,
                HasWeight = hasWeight, WantsX = wantsX, WantsWeight = wantsWeight, WantsBias = wantsBias,
            }, at.Groups, at.Size);
        else
            RunGroups(new NormalizeBackwardJob<V, T>
            {
                X = from, G = slopes, Weight = View<T>(weight ?? x), Mean = View<T>(mean), Variance = View<T>(variance), Dx = to, Dweight = View<T>(dweight ?? g), Dbias = View<T>(dbias ?? g),
                Place = new(at), Size = size, Epsilon = epsilon, IsCentered = isCentered, IsPerElement = isPerElement,
                HasWeight = hasWeight, WantsX = wantsX, WantsWeight = wantsWeight, WantsBias = wantsBias,
            }, at.Groups);
    }
}

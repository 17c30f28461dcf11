using DeepNet.Ops;

namespace DeepNet.Ilgpu;

internal sealed partial class IlgpuDevice
{
    internal override void MaxPool(PoolGrid grid, Tensor x, Tensor y, Tensor? places)
    {
        switch (y.DType)
        {
            case DType.Float32: MaxPool<GpuFloat, float>(grid, x, y, places); break;
            case DType.BFloat16: MaxPool<GpuFloat, BrainBits>(grid, x, y, places); break;
            case DType.Float16: MaxPool<GpuFloat, HalfBits>(grid, x, y, places); break;
            default: MaxPool<GpuDouble, double>(grid, x, y, places); break;
        }
    }

    private void MaxPool<V, T>(PoolGrid grid, Tensor x, Tensor y, Tensor? places) where V : unmanaged, IGpuNumber<V, T> where T : unmanaged
    {
        if (y.Count == 0) return;
        var dense = x.Detach().Contiguous();
        Run(new MaxPoolJob<V, T>
        {
            X = View<T>(dense), Y = View<T>(y), Places = places is null ? default : View<int>(places), Rows = new(grid.Rows), Columns = new(grid.Columns), WantsPlaces = places is null ? 0 : 1,
        }, y.Count);
        GiveBack(dense, x);
        GC.KeepAlive((x, y, places));
    }

    internal override void AveragePool(PoolGrid grid, Tensor x, Tensor y)
    {
        if (y.Count == 0) return;
        var dense = x.Detach().Contiguous();
        if (y.DType == DType.Float32) Run(new AveragePoolJob<GpuFloat, float> { X = View<float>(dense), Y = View<float>(y), Rows = new(grid.Rows), Columns = new(grid.Columns) }, y.Count);
        else Run(new AveragePoolJob<GpuDouble, double> { X = View<double>(dense), Y = View<double>(y), Rows = new(grid.Rows), Columns = new(grid.Columns) }, y.Count);
        GiveBack(dense, x);
        GC.KeepAlive((x, y));
    }

    internal override void AveragePoolAdjoint(PoolGrid grid, Tensor x, Tensor y)
    {
        if (y.Count == 0) return;
        var dense = x.Detach().Contiguous();
        if (y.DType == DType.Float32) Run(new AveragePoolAdjointJob<GpuFloat, float> { X = View<float>(dense), Y = View<float>(y), Rows = new(grid.Rows), Columns = new(grid.Columns) }, y.Count);
        else Run(new AveragePoolAdjointJob<GpuDouble, double> { X = View<double>(dense), Y = View<double>(y), Rows = new(grid.Rows), Columns = new(grid.Columns) }, y.Count);
        GiveBack(dense, x);
        GC.KeepAlive((x, y));
    }

    internal override void PoolGather(Tensor x, Tensor places, Tensor y)
    {
        if (y.Count == 0) return;
        var dense = x.Detach().Contiguous();
        long from = (long)x.Shape[^2] * x.Shape[^1], to = (long)y.Shape[^2] * y.Shape[^1];
        if (y.DType.IsHalf()) Run(new PoolGatherJob<ushort> { X = View<ushort>(dense), Y = View<ushort>(y), Places = View<int>(places), XPlane = from, YPlane = to }, y.Count);
        else if (y.DType == DType.Float32) Run(new PoolGatherJob<float> { X = View<float>(dense), Y = View<float>(y), Places = View<int>(places), XPlane = from, YPlane = to }, y.Count);
        else Run(new PoolGatherJob<double> { X = View<double>(dense), Y = View<double>(y), Places = View<int>(places), XPlane = from, YPlane = to }, y.Count);
        GiveBack(dense, x);
        GC.KeepAlive((x, y, places));
    }

    internal override void PoolScatter(PoolGrid grid, Tensor x, Tensor places, Tensor y)
    {
        if (y.Count == 0) return;
        var dense = x.Detach().Contiguous();
        switch (y.DType)
        {
            case DType.Float32: PoolScatter<GpuFloat, float>(grid, dense, places, y); break;
            case DType.BFloat16: PoolScatter<GpuFloat, BrainBits>(grid, dense, places, y); break;
            case DType.Float16: PoolScatter<GpuFloat, HalfBits>(grid, dense, places, y); break;
            default: PoolScatter<GpuDouble, double>(grid, dense, places, y); break;
        }
        GiveBack(dense, x);
        GC.KeepAlive((x, y, places));
    }

    private void PoolScatter<V, T>(PoolGrid grid, Tensor x, Tensor places, Tensor y) where V : unmanaged, IGpuNumber<V, T> where T : unmanaged
        => Run(new PoolScatterJob<V, T> { X = View<T>(x), Y = View<T>(y), Places = View<int>(places), Rows = new(grid.Rows), Columns = new(grid.Columns) }, y.Count);
}

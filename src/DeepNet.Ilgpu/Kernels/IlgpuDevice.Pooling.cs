using DeepNet.Ops;

namespace DeepNet.Ilgpu;

internal sealed partial class IlgpuDevice
{
    internal override void MaxPool(PoolGrid grid, Tensor x, Tensor y, Tensor? places)
    {
        if (y.DType == DType.Float32) MaxPool<GpuFloat, float>(grid, x, y, places);
        else MaxPool<GpuDouble, double>(grid, x, y, places);
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
        if (y.DType == DType.Float32) Run(new PoolGatherJob<float> { X = View<float>(dense), Y = View<float>(y), Places = View<int>(places), XPlane = from, YPlane = to }, y.Count);
        else Run(new PoolGatherJob<double> { X = View<double>(dense), Y = View<double>(y), Places = View<int>(places), XPlane = from, YPlane = to }, y.Count);
        GiveBack(dense, x);
        GC.KeepAlive((x, y, places));
    }

    internal override void PoolScatter(PoolGrid grid, Tensor x, Tensor places, Tensor y)
    {
        if (y.Count == 0) return;
        var dense = x.Detach().Contiguous();
        if (y.DType == DType.Float32)
            Run(new PoolScatterJob<GpuFloat, float> { X = View<float>(dense), Y = View<float>(y), Places = View<int>(places), Rows = new(grid.Rows), Columns = new(grid.Columns) }, y.Count);
        else
            Run(new PoolScatterJob<GpuDouble, double> { X = View<double>(dense), Y = View<double>(y), Places = View<int>(places), Rows = new(grid.Rows), Columns = new(grid.Columns) }, y.Count);
        GiveBack(dense, x);
        GC.KeepAlive((x, y, places));
    }
}

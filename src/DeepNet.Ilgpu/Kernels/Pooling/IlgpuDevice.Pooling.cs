using DeepNet.Ops;

namespace DeepNet.Ilgpu;

internal sealed partial class IlgpuDevice
{
    internal override void MaxPool(PoolGrid grid, Tensor x, Tensor y, Tensor? places, bool isAdjoint)
    {
        if (y.Count == 0) return;
        var dense = x.Detach().Contiguous();
        switch (y.DType)
        {
            case DType.Float32: MaxPool<GpuFloat, float>(grid, dense, y, places, isAdjoint); break;
            case DType.BFloat16: MaxPool<GpuFloat, BrainBits>(grid, dense, y, places, isAdjoint); break;
            case DType.Float16: MaxPool<GpuFloat, HalfBits>(grid, dense, y, places, isAdjoint); break;
            default: MaxPool<GpuDouble, double>(grid, dense, y, places, isAdjoint); break;
        }
        GiveBack(dense, x);
        GC.KeepAlive((x, y, places));
    }

    private void MaxPool<V, T>(PoolGrid grid, Tensor x, Tensor y, Tensor? places, bool isAdjoint)
        where V : unmanaged, IGpuNumber<V, T> where T : unmanaged
    {
        PoolWindows rows = new(grid.Rows), columns = new(grid.Columns);
        var at = places is null ? default : View<int>(places);
        int wants = places is null ? 0 : 1;
        ArrayView<T> from = View<T>(x), to = View<T>(y);
        if (isAdjoint) Run(new MaxPoolAdjointJob<V, T> { X = from, Y = to, Places = at, Rows = rows, Columns = columns }, y.Count);
        else Run(new MaxPoolJob<V, T> { X = from, Y = to, Places = at, Rows = rows, Columns = columns, WantsPlaces = wants }, y.Count);
    }

    internal override void AveragePool(PoolGrid grid, Tensor x, Tensor y, bool isAdjoint)
    {
        if (y.Count == 0) return;
        var dense = x.Detach().Contiguous();
        if (y.DType == DType.Float32) AveragePool<GpuFloat, float>(grid, dense, y, isAdjoint);
        else AveragePool<GpuDouble, double>(grid, dense, y, isAdjoint);
        GiveBack(dense, x);
        GC.KeepAlive((x, y));
    }

    private void AveragePool<V, T>(PoolGrid grid, Tensor x, Tensor y, bool isAdjoint)
        where V : unmanaged, IGpuNumber<V, T> where T : unmanaged
    {
        PoolWindows rows = new(grid.Rows), columns = new(grid.Columns);
        if (isAdjoint) Run(new AveragePoolAdjointJob<V, T> { X = View<T>(x), Y = View<T>(y), Rows = rows, Columns = columns }, y.Count);
        else Run(new AveragePoolJob<V, T> { X = View<T>(x), Y = View<T>(y), Rows = rows, Columns = columns }, y.Count);
    }
}

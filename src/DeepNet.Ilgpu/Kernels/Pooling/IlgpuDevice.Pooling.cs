namespace DeepNet.Ilgpu;

internal sealed partial class IlgpuDevice
{
    protected internal override void PoolImages(PoolKind kind, PoolGrid grid, Tensor x, Tensor y, Tensor? places)
    {
        if (y.Count == 0) return;
        var dense = x.Detach().Contiguous();
        switch (y.DType)
        {
            case DType.Float32: PoolImages<GpuFloat, float>(kind, grid, dense, y, places); break;
            case DType.BFloat16: PoolImages<GpuFloat, BrainBits>(kind, grid, dense, y, places); break;
            case DType.Float16: PoolImages<GpuFloat, HalfBits>(kind, grid, dense, y, places); break;
            default: PoolImages<GpuDouble, double>(kind, grid, dense, y, places); break;
        }
        GiveBack(dense, x);
        Tensor.KeepAlive(x, y, places);
    }

    private void PoolImages<V, T>(PoolKind kind, PoolGrid grid, Tensor x, Tensor y, Tensor? places)
        where V : unmanaged, IGpuNumber<V, T> where T : unmanaged
    {
        PoolWindows rows = new(grid.Rows), columns = new(grid.Columns);
        var at = places is null ? default : View<int>(places);
        int wants = places is null ? 0 : 1;
        ArrayView<T> from = View<T>(x), to = View<T>(y);
        switch (kind)
        {
            case PoolKind.Max:
                Run(new MaxPoolJob<V, T> { X = from, Y = to, Places = at, Rows = rows, Columns = columns, WantsPlaces = wants }, y.Count);
                break;
            case PoolKind.MaxAdjoint:
                Run(new MaxPoolAdjointJob<V, T> { X = from, Y = to, Places = at, Rows = rows, Columns = columns }, y.Count);
                break;
            case PoolKind.Average:
                Run(new AveragePoolJob<V, T> { X = from, Y = to, Rows = rows, Columns = columns }, y.Count);
                break;
            default:
                Run(new AveragePoolAdjointJob<V, T> { X = from, Y = to, Rows = rows, Columns = columns }, y.Count);
                break;
        }
    }
}

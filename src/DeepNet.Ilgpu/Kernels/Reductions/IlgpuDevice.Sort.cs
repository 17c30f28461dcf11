namespace DeepNet.Ilgpu;

internal sealed partial class IlgpuDevice
{
    protected internal override void Sort(Tensor x, Tensor order, bool isDescending, bool nanFirst)
    {
        if (order.Count == 0) return;
        if (order.Shape[^1] == 1 && (isDescending || nanFirst))
        {
            ArgExtreme(x, order, isDescending);
            return;
        }
        switch (x.DType)
        {
            case DType.Float32: ArgSort<SingleSortKeys, float>(x, order, isDescending); break;
            case DType.Float64: ArgSort<DoubleSortKeys, double>(x, order, isDescending); break;
            case DType.Int32: ArgSort<Int32SortKeys, int>(x, order, isDescending); break;
            case DType.Int64: ArgSort<Int64SortKeys, long>(x, order, isDescending); break;
            case DType.Bool or DType.UInt8: ArgSort<UInt8SortKeys, byte>(x, order, isDescending); break;
            case DType.Int8: ArgSort<Int8SortKeys, byte>(x, order, isDescending); break;
            default: throw Unsupported("sort", x.DType);
        }
        Tensor.KeepAlive(x, order);
    }

    private void ArgSort<TKeys, T>(Tensor x, Tensor order, bool isDescending) where TKeys : unmanaged, IGpuSortKeys<T> where T : unmanaged
    {
        int n = x.Shape[^1], rows = (int)(x.Count / n), workspace = 1;
        while (workspace < n) workspace = checked(2 * workspace);
        Tensor keys = Temporary(DType.Int64, rows, workspace), places = Temporary(DType.Int64, rows, workspace);
        Run(new SortKeysJob<TKeys, T>
        {
            X = View<T>(x), Keys = View<ulong>(keys), Places = View<long>(places), N = n,
            Workspace = workspace, IsDescending = isDescending ? 1 : 0
        }, (long)rows * workspace);
        for (long run = 2; run <= workspace; run *= 2)
            for (long half = run / 2; half > 0; half /= 2)
            {
                // The last merge rises in every row; earlier ones rise and fall by turns.
                Run(new SortStepJob
                {
                    Keys = View<ulong>(keys), Places = View<long>(places), Half = half, Run0 = run == workspace ? 0
                    : run
                }, (long)rows * workspace / 2);
            }
        Run(new SortResultJob { Places = View<long>(places), Order = View<long>(order), Workspace = workspace, Wanted = order.Shape[^1] },
            order.Count);
        Done(keys);
        Done(places);
    }

    // The one place that a pass finds: of the largest or smallest element, or of NaN, the first of equals.
    private void ArgExtreme(Tensor x, Tensor y, bool isLargest)
    {
        switch (x.DType)
        {
            case DType.Float32: ArgExtreme<GpuFloat, float>(x, y, isLargest); break;
            case DType.Float64: ArgExtreme<GpuDouble, double>(x, y, isLargest); break;
            case DType.Int32: ArgExtreme<GpuInt32, int>(x, y, isLargest); break;
            case DType.Int64: ArgExtreme<GpuInt64, long>(x, y, isLargest); break;
            case DType.Bool or DType.UInt8: ArgExtreme<GpuUInt8, byte>(x, y, isLargest); break;
            case DType.Int8: ArgExtreme<GpuInt8, byte>(x, y, isLargest); break;
            default: throw Unsupported("arg_max", x.DType);
        }
        Tensor.KeepAlive(x, y);
    }

    private void ArgExtreme<V, T>(Tensor x, Tensor y, bool isLargest) where V : unmanaged, IGpuNumber<V, T> where T : unmanaged
    {
        var share = PartitionOf(y.Count, x.Count / y.Count);
        RunRows(new ArgExtremeJob<V, T> { X = View<T>(x), Y = View<long>(y), Share = share, IsLargest = isLargest ? 1 : 0 }, share);
    }
}

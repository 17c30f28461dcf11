namespace DeepNet.Ilgpu;

internal sealed unsafe partial class IlgpuDevice
{
    private const int MaskRun = 256, MostPieces = 256, CheckPiece = 1 << 14;

    protected internal override bool CheckIndex(Tensor index, in IndexCheck check, Tensor? counted)
    {
        if (index.Count == 0) return false;
        if (check.End > 0 && !Anomaly.IsOn)
        {
            var (slots, slot) = Later.Take(check);
            Look(index, check, View<long>(slots).SubView(2 * slot, 2), counted);
        }
        else
        {
            var found = Temporary(DType.Int64, 2);
            Look(index, check, View<long>(found), counted);
            long* first = stackalloc long[2];
            Fetch(View<long>(found).SubView(0, 2).Cast<byte>(), first);
            Done(found);
            if (first[0] >= 0) throw check.Error((nint)first[0], first[1]);
        }
        Tensor.KeepAlive(index, counted);
        return check.Ignored is not null;
    }

    // A group looks through them all, which is enough for a batch; more than that is looked through in pieces.
    private void Look(Tensor index, in IndexCheck check, ArrayView<long> found, Tensor? counted)
    {
        _ = Accelerator;
        if (counted?.DType == DType.Float64) Look<DoubleOnGpu, double>(index, check, found, counted);
        else Look<SingleOnGpu, float>(index, check, found, counted);
    }

    private void Look<TElement, T>(Tensor index, in IndexCheck check, ArrayView<long> found, Tensor? counted)
        where TElement : unmanaged, IGpuElement<T> where T : unmanaged
    {
        long count = index.Count, pieces = Math.Min(MostPieces, (count + CheckPiece - 1) / CheckPiece),
            each = (count + pieces - 1) / pieces;
        var parts = Temporary(DType.Int64, (int)pieces, 2);
        var indices = View<long>(index);
        var result = new OutsideResult<TElement, T>
        {
            Found = found, Counted = View<T>(counted ?? parts), HasCounted = counted is null ? 0 : 1,
        };
        RunGroups(new OutsideJob<TElement, T>
        {
            Index = indices, Parts = View<long>(parts), Result = result, Count = count, Each = each,
            Lowest = check.Lowest, End = check.End, Ignored = check.Ignored ?? 0, HasIgnored = check.Ignored is null ? 0 : 1,
        }, pieces);
        if (pieces > 1) Run(new OutsideResultJob<TElement, T>
        {
            Index = indices, Parts = View<long>(parts), Result = result,
            Pieces = pieces
        }, 1);
        Done(parts);
    }

    protected internal override void Gather(Tensor x, IndexedAxis axis, Tensor index, Tensor y)
    {
        switch (x.DType.Size())
        {
            case 1: Gather<byte>(x, axis, index, y); break;
            case 2: Gather<ushort>(x, axis, index, y); break;
            case 4: Gather<int>(x, axis, index, y); break;
            default: Gather<long>(x, axis, index, y); break;
        }
        Tensor.KeepAlive(x, index, y);
    }

    private void Gather<T>(Tensor x, IndexedAxis axis, Tensor index, Tensor y) where T : unmanaged
        => RunWide(new GatherJob<T>
        {
            X = View<T>(x), Y = View<T>(y), Index = View<long>(index),
            Length = axis.Length, Count = axis.Count, Inner = axis.Inner, IsOfRows = axis.IsOfRows ? 1 : 0,
        }, y.Count, axis.IsOfRows && (axis.Inner & 3) == 0 && IsAligned(x) && IsAligned(y));

    protected internal override void Scatter(Tensor target, IndexedAxis axis, Tensor index, Tensor source, bool accumulate)
    {
        if (source.Count == 0) return;
        if (accumulate) ScatterAdd(target, axis, index, source);
        else ScatterPut(target, axis, index, source);
        Tensor.KeepAlive(target, index, source);
    }

    private void ScatterPut(Tensor target, IndexedAxis axis, Tensor index, Tensor source)
    {
        switch (target.DType.Size())
        {
            case 1: Scatter<GpuStore<byte>, byte>(target, axis, index, source); break;
            case 2: Scatter<GpuStore<ushort>, ushort>(target, axis, index, source); break;
            case 4: Scatter<GpuStore<int>, int>(target, axis, index, source); break;
            default: Scatter<GpuStore<long>, long>(target, axis, index, source); break;
        }
    }

    private void ScatterAdd(Tensor target, IndexedAxis axis, Tensor index, Tensor source)
    {
        switch (target.DType)
        {
            case DType.UInt8: ScatterAdd<GpuUInt8, byte>(target, axis, index, source); break;
            case DType.Int8: ScatterAdd<GpuInt8, byte>(target, axis, index, source); break;
            case DType.Int32: ScatterAdd<GpuInt32, int>(target, axis, index, source); break;
            case DType.Int64: ScatterAdd<GpuInt64, long>(target, axis, index, source); break;
            case DType.Float32: ScatterAdd<GpuFloat, float>(target, axis, index, source); break;
            case DType.Float64: ScatterAdd<GpuDouble, double>(target, axis, index, source); break;
            default: throw Unsupported("scatter_add", target.DType);
        }
    }

    private void ScatterAdd<V, T>(Tensor target, IndexedAxis axis, Tensor index, Tensor source)
        where V : unmanaged, IGpuNumber<V, T> where T : unmanaged
    {
        // Which of the two is a matter of the sizes alone, and both add in the same order.
        if (axis.IsOfRows && axis.Length * axis.Count <= 1L << 28 && axis.Count >= 64) CollectRows<V, T>(target, axis, index, source);
        else Scatter<GpuAccumulate<V, T>, T>(target, axis, index, source);
    }

    private void CollectRows<V, T>(Tensor target, IndexedAxis axis, Tensor index, Tensor source)
        where V : unmanaged, IGpuNumber<V, T> where T : unmanaged
    {
        _ = Accelerator;
        long rows = axis.Outer * axis.Length;
        int threads = GroupSize;
        while (threads > 64 && (threads / 2 >= axis.Inner || rows * ((axis.Inner + threads - 1) / threads) < 2 * Processors)) threads /= 2;
        long tiles = (axis.Inner + threads - 1) / threads;
        GroupLauncher<CollectRowsJob<V, T>>.Run(this, new CollectRowsJob<V, T>
        {
            Target = View<T>(target), Source = View<T>(source), Index = View<long>(index),
            Length = axis.Length, Tiles = tiles, Count = axis.Count, Inner = axis.Inner,
        }, rows * tiles, threads);
    }

    private void Scatter<TWrite, T>(Tensor target, IndexedAxis axis, Tensor index, Tensor source)
        where TWrite : unmanaged, IGpuWrite<T> where T : unmanaged
        => Run(new ScatterJob<TWrite, T>
        {
            Target = View<T>(target), Source = View<T>(source), Index = View<long>(index),
            Length = axis.Length, Count = axis.Count, Inner = axis.Inner, IsOfRows = axis.IsOfRows ? 1 : 0,
        }, axis.Outer * axis.Inner);

    private void CountRuns(Tensor mask, nint length, nint inner, int run, Tensor counts)
        => Run(new CountRunsJob
        {
            Mask = View<byte>(mask), Counts = View<long>(counts), Length = length, Inner = inner, Runs = (length - 1) / run + 1, Size = run,
        }, counts.Count);

    protected internal override void Positions(Tensor mask, Tensor positions, Tensor? coordinates)
    {
        if (positions.Count == 0) return;
        int runs = checked((int)((mask.Count - 1) / MaskRun + 1));
        Tensor counts = Temporary(DType.Int64, runs), ends = Temporary(DType.Int64, runs);
        CountRuns(mask, mask.Count, 1, MaskRun, counts);
        Recur(null, counts, ends, 0, 0, isReverse: false);
        Run(new PositionsJob
        {
            Mask = View<byte>(mask), Ends = View<long>(ends), Positions = View<long>(positions), Count = mask.Count, Run0 = MaskRun,
        }, counts.Count);
        Done(ends);
        Done(counts);
        long inner = 1;
        for (int axis = mask.Rank - 1; coordinates is not null && axis >= 0; inner *= mask.Shape[axis--])
            Run(new UnravelJob
            {
                Positions = View<long>(positions), Coordinates = View<long>(coordinates),
                Inner = inner, Length = mask.Shape[axis], Axes = mask.Rank, Axis = axis,
            }, positions.Count);
        Tensor.KeepAlive(mask, positions, coordinates);
    }
}

using DeepNet.Devices;
using DeepNet.Ops;

namespace DeepNet.Ilgpu;

internal sealed unsafe partial class IlgpuDevice
{
    private const int MaskRun = 256, MostPieces = 256, CheckPiece = 1 << 14;

    internal override nint FindOutside(Tensor index, nint lowest, nint end)
    {
        if (index.Count == 0) return -1;
        var found = Temporary(DType.Int64, 2);
        Look(index, lowest, end, long.MinValue, View<long>(found), null);
        long* place = stackalloc long[2];
        Fetch(found, place);
        Done(found);
        GC.KeepAlive(index);
        return (nint)place[0];
    }

    internal override bool TryCheckLater(Tensor index, in IndexCheck check, Tensor? counted)
    {
        var (slots, slot) = Later.Take(check);
        Look(index, check.Lowest, check.End, check.Ignored, View<long>(slots).SubView(2 * slot, 2), counted);
        GC.KeepAlive(index);
        GC.KeepAlive(counted);
        return true;
    }

    // A group looks through them all, which is enough for a batch; more than that is looked through in pieces.
    private void Look(Tensor index, nint lowest, nint end, long ignored, ArrayView<long> found, Tensor? counted)
    {
        _ = Accelerator;
        if (counted?.DType == DType.Float64) Look<DoubleOnGpu, double>(index, lowest, end, ignored, found, counted);
        else Look<SingleOnGpu, float>(index, lowest, end, ignored, found, counted);
    }

    private void Look<TElement, T>(Tensor index, nint lowest, nint end, long ignored, ArrayView<long> found, Tensor? counted)
        where TElement : unmanaged, IGpuElement<T> where T : unmanaged
    {
        long count = index.Count, pieces = Math.Min(MostPieces, (count + CheckPiece - 1) / CheckPiece), each = (count + pieces - 1) / pieces;
        var parts = Temporary(DType.Int64, (int)pieces, 2);
        var indices = View<long>(index);
        var result = new OutsideResult<TElement, T> { Found = found, Counted = counted is null ? View<T>(parts) : View<T>(counted), HasCounted = counted is null ? 0 : 1 };
        RunGroups(new OutsideJob<TElement, T>
        {
            Index = indices, Parts = View<long>(parts), Result = result, Lowest = lowest, End = end, Ignored = ignored, Count = count, Each = each,
        }, pieces);
        if (pieces > 1) Run(new OutsideResultJob<TElement, T> { Index = indices, Parts = View<long>(parts), Result = result, Pieces = pieces }, 1);
        Done(parts);
    }

    internal override void TakeRows(Tensor x, AlongAxis at, Tensor index, Tensor y)
    {
        switch (x.DType.Size())
        {
            case 1: TakeRows<byte>(x, at, index, y); break;
            case 2: TakeRows<ushort>(x, at, index, y); break;
            case 4: TakeRows<int>(x, at, index, y); break;
            default: TakeRows<long>(x, at, index, y); break;
        }
        GC.KeepAlive((x, index, y));
    }

    private void TakeRows<T>(Tensor x, AlongAxis at, Tensor index, Tensor y) where T : unmanaged
        => RunWide(new TakeRowsJob<T> { X = View<T>(x), Y = View<T>(y), Index = View<long>(index), Length = at.Length, Count = index.Count, Inner = at.Inner }, y.Count,
            (at.Inner & 3) == 0 && IsAligned(x) && IsAligned(y));

    internal override void PutRows(Tensor target, AlongAxis at, Tensor index, Tensor source)
    {
        switch (target.DType.Size())
        {
            case 1: PutRows<byte>(target, at, index, source); break;
            case 2: PutRows<ushort>(target, at, index, source); break;
            case 4: PutRows<int>(target, at, index, source); break;
            default: PutRows<long>(target, at, index, source); break;
        }
        GC.KeepAlive((target, index, source));
    }

    private void PutRows<T>(Tensor target, AlongAxis at, Tensor index, Tensor source) where T : unmanaged
    {
        if (source.Count == 0) return;
        Run(new PutRowsJob<T> { Target = View<T>(target), Source = View<T>(source), Index = View<long>(index), Length = at.Length, Count = index.Count, Inner = at.Inner }, at.Outer * at.Inner);
    }

    internal override void AddRows(Tensor target, AlongAxis at, Tensor index, Tensor source)
    {
        switch (target.DType)
        {
            case DType.Int32: AddRows<GpuInt32, int>(target, at, index, source); break;
            case DType.Int64: AddRows<GpuInt64, long>(target, at, index, source); break;
            case DType.Float32: AddRows<GpuFloat, float>(target, at, index, source); break;
            case DType.Float64: AddRows<GpuDouble, double>(target, at, index, source); break;
            default: throw Unsupported("index_add", target.DType);
        }
        GC.KeepAlive((target, index, source));
    }

    private void AddRows<V, T>(Tensor target, AlongAxis at, Tensor index, Tensor source) where V : unmanaged, IGpuNumber<V, T> where T : unmanaged
    {
        if (source.Count == 0) return;
        // Which of the two is a matter of the sizes alone, and both add in the same order.
        if (at.Length * index.Count <= 1L << 28 && index.Count >= 64)
        {
            _ = Accelerator;
            int threads = GroupSize;
            while (threads > 64 && (threads / 2 >= at.Inner || at.Outer * at.Length * ((at.Inner + threads - 1) / threads) < 2 * Processors)) threads /= 2;
            long tiles = (at.Inner + threads - 1) / threads;
            GroupLauncher<CollectRowsJob<V, T>>.Run(this, new CollectRowsJob<V, T>
            {
                Target = View<T>(target), Source = View<T>(source), Index = View<long>(index), Length = at.Length, Tiles = tiles, Count = index.Count, Inner = at.Inner,
            }, at.Outer * at.Length * tiles, threads);
        }
        else
        {
            Run(new AddRowsJob<V, T> { Target = View<T>(target), Source = View<T>(source), Index = View<long>(index), Length = at.Length, Count = index.Count, Inner = at.Inner }, at.Outer * at.Inner);
        }
    }

    internal override void Gather(Tensor x, AlongAxis at, Tensor index, Tensor y)
    {
        switch (x.DType.Size())
        {
            case 1: Gather<byte>(x, at, index, y); break;
            case 2: Gather<ushort>(x, at, index, y); break;
            case 4: Gather<int>(x, at, index, y); break;
            default: Gather<long>(x, at, index, y); break;
        }
        GC.KeepAlive((x, index, y));
    }

    private void Gather<T>(Tensor x, AlongAxis at, Tensor index, Tensor y) where T : unmanaged
        => Run(new GatherJob<T> { X = View<T>(x), Y = View<T>(y), Index = View<long>(index), Length = at.Length, Count = CountAlong(index, at), Inner = at.Inner }, y.Count);

    internal override void Scatter(Tensor target, AlongAxis at, Tensor index, Tensor source)
    {
        switch (target.DType.Size())
        {
            case 1: Scatter<byte>(target, at, index, source); break;
            case 2: Scatter<ushort>(target, at, index, source); break;
            case 4: Scatter<int>(target, at, index, source); break;
            default: Scatter<long>(target, at, index, source); break;
        }
        GC.KeepAlive((target, index, source));
    }

    private void Scatter<T>(Tensor target, AlongAxis at, Tensor index, Tensor source) where T : unmanaged
    {
        if (index.Count == 0) return;
        Run(new ScatterJob<T> { Target = View<T>(target), Source = View<T>(source), Index = View<long>(index), Length = at.Length, Count = CountAlong(index, at), Inner = at.Inner }, at.Outer * at.Inner);
    }

    internal override void ScatterAdd(Tensor target, AlongAxis at, Tensor index, Tensor source)
    {
        switch (target.DType)
        {
            case DType.Int32: ScatterAdd<GpuInt32, int>(target, at, index, source); break;
            case DType.Int64: ScatterAdd<GpuInt64, long>(target, at, index, source); break;
            case DType.Float32: ScatterAdd<GpuFloat, float>(target, at, index, source); break;
            case DType.Float64: ScatterAdd<GpuDouble, double>(target, at, index, source); break;
            default: throw Unsupported("scatter_add", target.DType);
        }
        GC.KeepAlive((target, index, source));
    }

    private void ScatterAdd<V, T>(Tensor target, AlongAxis at, Tensor index, Tensor source) where V : unmanaged, IGpuNumber<V, T> where T : unmanaged
    {
        if (index.Count == 0) return;
        Run(new ScatterAddJob<V, T> { Target = View<T>(target), Source = View<T>(source), Index = View<long>(index), Length = at.Length, Count = CountAlong(index, at), Inner = at.Inner }, at.Outer * at.Inner);
    }

    /// <summary>The length of the index along the axis; the other axes are those of the indexed tensor.</summary>
    private static long CountAlong(Tensor index, AlongAxis at) => at.Outer * at.Inner == 0 ? 0 : index.Count / (at.Outer * at.Inner);

    internal override void CountRuns(Tensor mask, nint length, nint inner, int run, Tensor counts)
    {
        Run(new CountRunsJob
        {
            Mask = View<byte>(mask), Counts = View<long>(counts), Length = length, Inner = inner, Runs = (length - 1) / run + 1, Size = run,
        }, counts.Count);
        GC.KeepAlive((mask, counts));
    }

    private Tensor CountRuns(Tensor mask)
    {
        var counts = Temporary(DType.Int64, checked((int)((mask.Count - 1) / MaskRun + 1)));
        CountRuns(mask, mask.Count, 1, MaskRun, counts);
        return counts;
    }

    internal override void Positions(Tensor mask, Tensor positions)
    {
        if (positions.Count == 0) return;
        Tensor counts = CountRuns(mask), ends = Temporary(DType.Int64, (int)counts.Count);
        Recur(null, counts, ends, 0, 0, isReverse: false);
        Run(new PositionsJob { Mask = View<byte>(mask), Ends = View<long>(ends), Positions = View<long>(positions), Count = mask.Count, Run0 = MaskRun }, counts.Count);
        Done(ends);
        Done(counts);
        GC.KeepAlive((mask, positions));
    }

    internal override void Unravel(Tensor positions, Shape shape, Tensor coordinates)
    {
        long inner = 1;
        for (int axis = shape.Rank - 1; axis >= 0; inner *= shape[axis--])
        {
            if (shape[axis] == 0) return;
            Run(new UnravelJob { Positions = View<long>(positions), Coordinates = View<long>(coordinates), Inner = inner, Length = shape[axis], Axes = shape.Rank, Axis = axis }, positions.Count);
        }
        GC.KeepAlive((positions, coordinates));
    }

    internal override void Triangle(Tensor x, Tensor y, int diagonal, bool isUpper)
    {
        switch (x.DType.Size())
        {
            case 1: Triangle<byte>(x, y, diagonal, isUpper); break;
            case 2: Triangle<ushort>(x, y, diagonal, isUpper); break;
            case 4: Triangle<int>(x, y, diagonal, isUpper); break;
            default: Triangle<long>(x, y, diagonal, isUpper); break;
        }
        GC.KeepAlive((x, y));
    }

    private void Triangle<T>(Tensor x, Tensor y, int diagonal, bool isUpper) where T : unmanaged
        => Run(new TriangleJob<T> { X = View<T>(x), Y = View<T>(y), Rows = x.Shape[^2], Columns = x.Shape[^1], Diagonal = diagonal, IsUpper = isUpper ? 1 : 0 }, y.Count);
}

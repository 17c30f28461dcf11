using DeepNet.Devices.Cpu;

namespace DeepNet.Ilgpu;

internal sealed partial class IlgpuDevice
{
    // Elements that one thread combines one after the other. Fixed, so that the order of combination is a matter of shape and device alone.
    private const int RunLength = 64, CountRun = 128;

    protected internal override void Reduce<TMap, TRule>(TMap map, TRule rule, Tensor x, Tensor y)
    {
        if (x.Count == 0)
        {
            Fill(y, x.DType.IsFloating() ? TRule.Neutral<F64>().V : x.DType == DType.Bool ? TRule.Neutral<Whole<byte>>().V
                : TRule.Neutral<Whole<long>>().V);
            return;
        }
        switch (x.DType)
        {
            case DType.Bool when y.DType == DType.Int64: Count(x, y); break;
            case DType.Float32: Reduce<TMap, TRule, GpuFloat, float>(map, x, y); break;
            case DType.Float64: Reduce<TMap, TRule, GpuDouble, double>(map, x, y); break;
            case DType.Int32: Reduce<TMap, TRule, GpuInt32, int>(map, x, y); break;
            case DType.Int64: Reduce<TMap, TRule, GpuInt64, long>(map, x, y); break;
            case DType.Bool or DType.UInt8: Reduce<TMap, TRule, GpuUInt8, byte>(map, x, y); break;
            case DType.Int8: Reduce<TMap, TRule, GpuInt8, byte>(map, x, y); break;
            default: throw Unsupported("reduce", x.DType);
        }
        Tensor.KeepAlive(x, y);
    }

    // The true elements of the innermost group of axes in runs, as bytes; what that gave is integers.
    private void Count(Tensor x, Tensor y)
    {
        var dense = x.Detach().Contiguous();
        var plan = new ReducePlan(x.Shape, y.Shape);
        if (!plan.TryTakeLast(out nint outer, out nint length, out nint inner))
        {
            Copy(dense.Detach().Reshape(y.Shape.Axes), y);
        }
        else
        {
            int runs = checked((int)((length - 1) / CountRun + 1));
            var sums = plan.HasMore ? Temporary(DType.Int64, checked((int)(outer * inner))) : y;
            var counts = runs == 1 ? sums : Temporary(DType.Int64, checked((int)(outer * runs * inner)));
            CountRuns(dense, length, inner, CountRun, counts);
            if (runs > 1)
            {
                ReduceMiddle<Identity, AddUp, GpuInt64, long>(default, counts, sums, outer, runs, inner);
                Done(counts);
            }
            if (plan.HasMore)
            {
                ReduceDense<Identity, AddUp, GpuInt64, long>(default, sums, y, plan);
                Done(sums);
            }
        }
        if (!ReferenceEquals(dense.Storage, x.Storage)) Done(dense);
    }

    private void Reduce<TMap, TRule, V, T>(TMap map, Tensor x, Tensor y)
        where TMap : unmanaged, IUnaryOp<TMap> where TRule : unmanaged, IReduceOp<TRule> where V : unmanaged, IGpuNumber<V, T>
        where T : unmanaged
    {
        var dense = x.Detach().Contiguous();
        var plan = new ReducePlan(x.Shape, y.Shape);
        _ = Accelerator;
        if (!TryReduceEnds<TMap, TRule, V, T>(map, dense, y, plan)) ReduceDense<TMap, TRule, V, T>(map, dense, y, plan);
        if (!ReferenceEquals(dense.Storage, x.Storage)) Done(dense);
    }

    // The innermost group of axes first, then what that gave, which is smaller by as much.
    private void ReduceDense<TMap, TRule, V, T>(TMap map, Tensor x, Tensor y, ReducePlan plan)
        where TMap : unmanaged, IUnaryOp<TMap> where TRule : unmanaged, IReduceOp<TRule> where V : unmanaged, IGpuNumber<V, T>
        where T : unmanaged
    {
        if (!plan.TryTakeLast(out nint outer, out nint length, out nint inner))
        {
            RunWide(new MapJob<TMap, V, T> { Op = map, X = View<T>(x), Y = View<T>(y) }, y.Count, IsAligned(x) && IsAligned(y));
        }
        else if (!plan.HasMore)
        {
            ReduceMiddle<TMap, TRule, V, T>(map, x, y, outer, length, inner);
        }
        else
        {
            var less = Temporary(y.DType, checked((int)(outer * inner)));
            ReduceMiddle<TMap, TRule, V, T>(map, x, less, outer, length, inner);
            ReduceDense<Identity, TRule, V, T>(default, less, y, plan);
            Done(less);
        }
    }

    private void ReduceMiddle<TMap, TRule, V, T>(TMap map, Tensor x, Tensor y, nint outer, nint length, nint inner)
        where TMap : unmanaged, IUnaryOp<TMap> where TRule : unmanaged, IReduceOp<TRule> where V : unmanaged, IGpuNumber<V, T>
        where T : unmanaged
    {
        _ = Accelerator;
        if (inner > 1)
        {
            ReduceColumns<TMap, TRule, V, T>(map, x, y, outer, length, inner);
            return;
        }
        nint blocks = (length - 1) / (RunLength * GroupSize) + 1, block = blocks == 1 ? length : RunLength * GroupSize;
        var target = blocks == 1 ? y : Temporary(y.DType, checked((int)(outer * blocks)));
        var share = PartitionOf(outer * blocks, block, x);
        if ((length & 3) != 0) share.IsWide = 0;
        RunRows(new ReduceRowsJob<TMap, TRule, V, T>
        {
            Map = map, X = View<T>(x), Y = View<T>(target), Blocks = blocks, Length = length,
            Share = share,
        }, share);
        if (blocks == 1) return;
        ReduceMiddle<Identity, TRule, V, T>(default, target, y, outer, blocks, 1);
        Done(target);
    }

    private void ReduceColumns<TMap, TRule, V, T>(TMap map, Tensor x, Tensor y, nint outer, nint length, nint inner)
        where TMap : unmanaged, IUnaryOp<TMap> where TRule : unmanaged, IReduceOp<TRule> where V : unmanaged, IGpuNumber<V, T>
        where T : unmanaged
    {
        var plan = ColumnPlan.Of(outer, length, inner, GroupSize, Processors);
        var target = plan.Blocks == 1 ? y : Temporary(y.DType, checked((int)(outer * plan.Blocks * inner)));
        RunGroups(new ReduceColumnsJob<TMap, TRule, V, T>
        {
            Map = map, X = View<T>(x), Y = View<T>(target), Tiles = plan.Tiles, Blocks = plan.Blocks, Length = length, Inner = inner,
            Block = plan.Block, Across = plan.Across,
        }, outer * plan.Blocks * plan.Tiles);
        if (plan.Blocks == 1) return;
        ReduceColumns<Identity, TRule, V, T>(default, target, y, outer, (nint)plan.Blocks, inner);
        Done(target);
    }

    /// <summary>
    /// Sums over a batch and over the pixels of its images, for each of their channels: two launches where taking one axis after the other
    /// is more.
    /// </summary>
    private bool TryReduceEnds<TMap, TRule, V, T>(TMap map, Tensor x, Tensor y, in ReducePlan plan)
        where TMap : unmanaged, IUnaryOp<TMap> where TRule : unmanaged, IReduceOp<TRule> where V : unmanaged, IGpuNumber<V, T>
        where T : unmanaged
    {
        if (!plan.IsEnds(out nint outer, out nint kept, out nint inner) || inner >= RunLength * GroupSize || kept > int.MaxValue)
            return false;
        // Pieces of a few thousand elements, so many that they fill the device.
        nint blocks = Math.Clamp(outer * inner / (8 * GroupSize), 1, Math.Max(1, (nint)(8 * Processors) / kept)),
            block = (outer - 1) / blocks + 1;
        block = Math.Max(1, Math.Min(block, (1 << 30) / inner));
        blocks = (outer - 1) / block + 1;
        var target = blocks == 1 ? y : Temporary(y.DType, checked((int)(blocks * kept)));
        RunGroups(new ReduceEndsJob<TMap, TRule, V, T>
        {
            Map = map, X = View<T>(x), Y = View<T>(target), Kept = kept, Inner = inner,
            Outer = outer, Block = block
        }, blocks * kept);
        if (blocks == 1) return true;
        ReduceColumns<Identity, TRule, V, T>(default, target, y, 1, blocks, kept);
        Done(target);
        return true;
    }

}

/// <summary>Divides sums of columns among groups. It depends on sizes and device alone, so that results repeat.</summary>
/// <param name="Across">Threads side by side, as a power of two.</param>
/// <param name="Tiles">So many of them make a row.</param>
/// <param name="Blocks">Pieces that a column is cut into.</param>
/// <param name="Block">Rows of a piece.</param>
internal readonly record struct ColumnPlan(int Across, long Tiles, long Blocks, long Block)
{
    // Side by side as many as memory hands out at once, 32 bytes, and at most a warp. Steps that one thread may do alone, and should where
    // there is more to do than threads.
    private const int LeastAcross = 3, MostAcross = 5, MostSteps = 128, GoodSteps = 64;

    public static ColumnPlan Of(long outer, long length, long inner, int groupSize, int processors)
    {
        int across = 0;
        while (across < MostAcross && 1L << across < inner && 2 << across <= groupSize) across++;
        // Narrower tiles where there are too few for all processors, which also gives each thread fewer steps.
        while (across > LeastAcross && outer * Tiled(inner, across) < processors && length > groupSize >> across) across--;
        if (groupSize < 64) across = Math.Min(across, 1);
        long tiles = Tiled(inner, across), threads = groupSize >> across, steps = (length + threads - 1) / threads;
        if (steps <= MostSteps) return new(across, tiles, 1, length);
        long blocks = Math.Clamp(8L * processors / (outer * tiles), 1, (steps + GoodSteps - 1) / GoodSteps);
        if (blocks == 1 && steps > 8 * MostSteps) blocks = 2;
        long block = (length + blocks - 1) / blocks;
        return new(across, tiles, (length + block - 1) / block, block);
    }

    private static long Tiled(long inner, int across) => (inner + (1L << across) - 1) >> across;
}

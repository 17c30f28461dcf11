using DeepNet.Devices.Cpu;

namespace DeepNet;

public sealed unsafe partial class CpuDevice
{
    // All of these are fixed, so that the order of combination is a matter of the shape alone.
    private const int Segment = 1 << 16;    // a longer row is reduced in segments, by several threads
    private const int Strip = 2048;         // columns that are reduced at a time, so that their results stay in the first cache
    private const int CountRun = 128;       // bools that are counted before their number is written: fewer than a byte can hold
    private const int MostCopied = 1 << 22; // elements of an irregular layout that are copied at a time: an expanded view may be huge

    /// <inheritdoc/>
    protected internal override void Reduce<TMap, TRule>(TMap map, TRule rule, Tensor x, Tensor y)
    {
        if (x.Count == 0)
        {
            // In the arithmetic of the type: the smallest integer is no infinity.
            Fill(y, x.DType.IsFloating() ? TRule.Neutral<F64>().V : x.DType == DType.Bool ? TRule.Neutral<Whole<byte>>().V
                : TRule.Neutral<Whole<long>>().V);
            return;
        }
        var call = new ReduceCall<TMap, TRule>(this, map, x, y);
        Simd.RunAny("reduce", x.DType, ref call);
    }

    private readonly struct ReduceCall<TMap, TRule>(CpuDevice device, TMap map, Tensor x, Tensor y) : INumberBody
        where TMap : unmanaged, IUnaryOp<TMap> where TRule : unmanaged, IReduceOp<TRule>
    {
        public void Run<V, T>() where V : unmanaged, ISimd<V, T> where T : unmanaged, IBinaryNumber<T>
            => device.Reduce<TMap, TRule, V, T>(map, x, y);
    }

    private void Reduce<TMap, TRule, V, T>(TMap map, Tensor x, Tensor y)
        where TMap : unmanaged, IUnaryOp<TMap> where TRule : unmanaged, IReduceOp<TRule>
        where V : unmanaged, ISimd<V, T> where T : unmanaged
    {
        if (x.IsContiguous)
        {
            ReduceDense<TMap, TRule, V, T>(map, x, y, new ReducePlan(x.Shape, y.Shape));
            return;
        }
        // A transposed tensor is read in the order of memory, and the result, which is smaller, put in order.
        Span<int> order = stackalloc int[x.Rank];
        MemoryOrder(x, order);
        var dense = x.Detach().Permute(order);
        if (dense.IsContiguous)
        {
            var target = y.Count == 1 ? y : y.Permute(order);
            var result = target.IsContiguous ? target : Tensor.Allocate(target.Shape, y.DType, this);
            ReduceDense<TMap, TRule, V, T>(map, dense, result, new ReducePlan(dense.Shape, result.Shape));
            if (ReferenceEquals(result, target)) return;
            Copy(result, target);
            result.Storage.Release();
        }
        else if (x.Count > MostCopied && x.DType == y.DType)
        {
            ReduceSlabs<TMap, TRule, V, T>(map, x.Detach(), y);
        }
        else
        {
            dense = x.CopyDense();
            ReduceDense<TMap, TRule, V, T>(map, dense, y, new ReducePlan(x.Shape, y.Shape));
            dense.Storage.Release();
        }
    }

    /// <summary>Reduces slab after slab along the first axis, and then, if that axis is a reduced one, the results of the slabs.</summary>
    private void ReduceSlabs<TMap, TRule, V, T>(TMap map, Tensor x, Tensor y)
        where TMap : unmanaged, IUnaryOp<TMap> where TRule : unmanaged, IReduceOp<TRule>
        where V : unmanaged, ISimd<V, T> where T : unmanaged
    {
        int axis = 0;
        while (x.Shape[axis] == 1) axis++;
        int length = x.Shape[axis], each = (int)Math.Max(1, MostCopied / (x.Count / length)), slabs = (length - 1) / each + 1;
        bool isKept = y.Count > 1 && y.Shape[axis] == length;   // a result of one element may be a scalar
        var parts = isKept ? y : Partials(slabs * y.Count, y);
        for (int i = 0, start = 0; i < slabs; i++, start += each)
        {
            int some = Math.Min(each, length - start);
            var part = isKept ? y.Narrow(axis, start, some) : parts.View(y.Shape, y.StrideArray, i * y.Count);
            Reduce<TMap, TRule, V, T>(map, x.Narrow(axis, start, some), part);
        }
        if (isKept) return;
        ReduceMiddle<Identity, TRule, V, T>(default, parts, y, 1, slabs, y.Count);
        parts.Storage.Release();
    }

    /// <summary>The axes from the one with the largest steps to that with the smallest.</summary>
    private static void MemoryOrder(Tensor x, Span<int> order)
    {
        for (int i = 0; i < order.Length; i++)
        {
            int at = i;
            for (; at > 0 && x.StrideArray[order[at - 1]] < x.StrideArray[i]; at--) order[at] = order[at - 1];
            order[at] = i;
        }
    }

    // Reduces the innermost group of axes, then goes on with what that gave, which is smaller by as much as was reduced.
    private void ReduceDense<TMap, TRule, V, T>(TMap map, Tensor x, Tensor y, ReducePlan plan)
        where TMap : unmanaged, IUnaryOp<TMap> where TRule : unmanaged, IReduceOp<TRule>
        where V : unmanaged, ISimd<V, T> where T : unmanaged
    {
        if (x.DType != y.DType)
        {
            Count(x, y, plan);
        }
        else if (!plan.TryTakeLast(out nint outer, out nint length, out nint inner))
        {
            MapLoop.Forward<TMap, V, T, Cached>(map, x.Pointer<T>(), y.Pointer<T>(), y.Count);
        }
        else if (!plan.HasMore)
        {
            ReduceMiddle<TMap, TRule, V, T>(map, x, y, outer, length, inner);
        }
        else
        {
            var less = Partials(outer * inner, y);
            ReduceMiddle<TMap, TRule, V, T>(map, x, less, outer, length, inner);
            ReduceDense<Identity, TRule, V, T>(default, less, y, plan);
            less.Storage.Release();
        }
    }

    // The true elements of the innermost group of axes in runs, as bytes: as integers they would take eight times the memory. What that
    // gives is integers.
    private void Count(Tensor x, Tensor y, ReducePlan plan)
    {
        if (!plan.TryTakeLast(out nint outer, out nint length, out nint inner))
        {
            ConvertLoop.Run(x.DType, x.RawPointer, y.DType, y.RawPointer, y.Count);
            return;
        }
        nint runs = (length - 1) / CountRun + 1;
        var sums = plan.HasMore ? Partials(outer * inner, y) : y;
        var counts = runs == 1 ? sums : Partials(outer * runs * inner, y);
        CountLoop.Run(x.Pointer<byte>(), counts.Pointer<long>(), outer, length, inner, CountRun);
        Tensor.KeepAlive(x);
        if (runs > 1)
        {
            ReduceMiddle<Identity, AddUp, Whole<long>, long>(default, counts, sums, outer, runs, inner);
            counts.Storage.Release();
        }
        if (!plan.HasMore) return;
        ReduceDense<Identity, AddUp, Whole<long>, long>(default, sums, y, plan);
        sums.Storage.Release();
    }

    /// <summary>Reduces the middle one of three axes.</summary>
    private void ReduceMiddle<TMap, TRule, V, T>(TMap map, Tensor x, Tensor y, nint outer, nint length, nint inner)
        where TMap : unmanaged, IUnaryOp<TMap> where TRule : unmanaged, IReduceOp<TRule>
        where V : unmanaged, ISimd<V, T> where T : unmanaged
    {
        nint block = inner == 1 ? Segment : ReduceLoop.RowBlock;
        nint blocks = (length - 1) / block + 1;
        var target = blocks == 1 ? y : Partials(outer * blocks * inner, y);
        if (inner == 1)
        {
            var body = new ReduceRowsBody<TMap, TRule, V, T>
            {
                Map = map, X = x.Pointer<T>(), Y = target.Pointer<T>(), Length = length,
                Blocks = blocks
            };
            if (x.Count <= Grain) body.Run(0, outer * blocks);
            else WorkerPool.For(outer * blocks, Math.Max(1, Grain / length), ref body);
        }
        else
        {
            nint strips = (inner - 1) / Strip + 1;
            var body = new ReduceColumnsBody<TMap, TRule, V, T>
            {
                Map = map, X = x.Pointer<T>(), Y = target.Pointer<T>(), Length = length,
                Inner = inner, Blocks = blocks, Strips = strips
            };
            nint each = Math.Min(length, block) * Math.Min(inner, Strip);
            if (x.Count <= Grain) body.Run(0, outer * blocks * strips);
            else WorkerPool.For(outer * blocks * strips, Math.Max(1, Grain / each), ref body);
        }
        if (blocks > 1)
        {
            ReduceMiddle<Identity, TRule, V, T>(default, target, y, outer, blocks, inner);
            target.Storage.Release();
        }
    }

    private Tensor Partials(nint count, Tensor like) => Tensor.Allocate(new Shape(checked((int)count)), like.DType, this);

    private struct ReduceRowsBody<TMap, TRule, V, T> : IParallelBody
        where TMap : unmanaged, IUnaryOp<TMap> where TRule : unmanaged, IReduceOp<TRule>
        where V : unmanaged, ISimd<V, T> where T : unmanaged
    {
        public TMap Map;
        public T* X, Y;
        public nint Length, Blocks;

        public readonly void Run(nint from, nint to)
        {
            if (Blocks == 1)
            {
                ReduceLoop.Rows<TMap, TRule, V, T>(Map, X + from * Length, Y + from, to - from, Length);
                return;
            }
            for (nint i = from; i < to; i++)
            {
                nint start = i % Blocks * Segment;
                ReduceLoop.Rows<TMap, TRule, V, T>(Map, X + i / Blocks * Length + start, Y + i, 1, Math.Min(Segment, Length - start));
            }
        }
    }

    private struct ReduceColumnsBody<TMap, TRule, V, T> : IParallelBody
        where TMap : unmanaged, IUnaryOp<TMap> where TRule : unmanaged, IReduceOp<TRule>
        where V : unmanaged, ISimd<V, T> where T : unmanaged
    {
        public TMap Map;
        public T* X, Y;
        public nint Length, Inner, Blocks, Strips;

        public readonly void Run(nint from, nint to)
        {
            for (nint i = from; i < to; i++)
            {
                nint column = i % Strips * Strip, result = i / Strips, row = result % Blocks * ReduceLoop.RowBlock;
                T* x = X + (result / Blocks * Length + row) * Inner + column;
                ReduceLoop.Columns<TMap, TRule, V, T>(Map, x, Inner, Y + result * Inner + column,
                    Math.Min(ReduceLoop.RowBlock, Length - row), Math.Min(Strip, Inner - column));
            }
        }
    }
}

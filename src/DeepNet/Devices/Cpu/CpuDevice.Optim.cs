using DeepNet.Devices.Cpu;
using DeepNet.Optim;

namespace DeepNet;

// Many tensors in one pass: they are laid end to end on one line of indices, and threads claim pieces of the line. So a network
// of many small tensors costs one fork, and one large tensor is shared.
public sealed unsafe partial class CpuDevice
{
    /// <summary>
    /// Elements worth a thread of their own: a rule reads and writes several streams, so it is worth it earlier than a map.
    /// </summary>
    private const int UpdateGrain = 1 << 13;

    /// <summary>Elements whose partial result a measure keeps; fixes the order of combination.</summary>
    private const int MeasureBlock = 1 << 12;

    /// <summary>Tensors start at multiples of this on the line, so that no vector and no cache line is cut between threads.</summary>
    private const int LineStep = 64;

    /// <inheritdoc/>
    protected internal override void Update<TRule>(ReadOnlySpan<UpdateItem<TRule>> items, Tensor? scale = null)
    {
        foreach (var dtype in (ReadOnlySpan<DType>)[DType.Float32, DType.Float64])
        {
            if (!Has(items, dtype)) continue;
            var call = new UpdateCall<TRule>(items, dtype);
            Simd.Run(dtype, ref call);
        }
    }

    private readonly ref struct UpdateCall<TRule>(ReadOnlySpan<UpdateItem<TRule>> items, DType dtype) : ISimdBody
        where TRule : unmanaged, IUpdateRule<TRule>
    {
        private readonly ReadOnlySpan<UpdateItem<TRule>> items = items;

        public void Run<V, T>() where V : unmanaged, ISimd<V, T> where T : unmanaged, IBinaryFloatingPointIeee754<T>
            => Update<TRule, V, T>(items, dtype);
    }

    private static bool Has<TRule>(ReadOnlySpan<UpdateItem<TRule>> items, DType dtype) where TRule : unmanaged, IUpdateRule<TRule>
    {
        foreach (ref readonly var item in items)
            if (item.Parameter.DType == dtype) return true;
        return false;
    }

    private static void Update<TRule, V, T>(ReadOnlySpan<UpdateItem<TRule>> items, DType dtype)
        where TRule : unmanaged, IUpdateRule<TRule> where V : unmanaged, ISimd<V, T> where T : unmanaged
    {
        var body = new UpdateBody<TRule, V, T>();
        nint total = 0;
        foreach (ref readonly var item in items)
        {
            nint n = item.Parameter.Count;
            if (item.Parameter.DType != dtype || n == 0) continue;
            if (body.Pieces is null) body.Pieces = (UpdatePiece<TRule, T>*)Scratch.Get(items.Length * sizeof(UpdatePiece<TRule, T>));
            T* p = item.Parameter.Pointer<T>();
            body.Pieces[body.Count++] = new UpdatePiece<TRule, T>
            {
                Rule = item.Rule,
                Start = total,
                Length = n,
                P = p,
                G = item.Gradient.Pointer<T>(),
                S0 = TRule.StateCount > 0 ? item.State0!.Pointer<T>() : p,
                S1 = TRule.StateCount > 1 ? item.State1!.Pointer<T>() : p,
                S2 = TRule.StateCount > 2 ? item.State2!.Pointer<T>() : p,
            };
            total += (n + LineStep - 1) / LineStep * LineStep;
        }
        if (body.Count == 0) return;
        WorkerPool.For(total, UpdateGrain, ref body);
    }

    private struct UpdatePiece<TRule, T> where TRule : unmanaged where T : unmanaged
    {
        public TRule Rule;
        public nint Start, Length;
        public T* P, G, S0, S1, S2;
    }

    private struct UpdateBody<TRule, V, T> : IParallelBody
        where TRule : unmanaged, IUpdateRule<TRule> where V : unmanaged, ISimd<V, T> where T : unmanaged
    {
        public UpdatePiece<TRule, T>* Pieces;
        public int Count;

        public readonly void Run(nint from, nint to)
        {
            for (int i = PieceAt(from); i < Count && Pieces[i].Start < to; i++)
            {
                ref var piece = ref Pieces[i];
                nint first = Math.Max(from - piece.Start, 0), n = Math.Min(to - piece.Start, piece.Length) - first;
                if (n > 0)
                    UpdateLoop.Run<TRule, V, T>(
                        piece.Rule, piece.P + first, piece.G + first, piece.S0 + first, piece.S1 + first, piece.S2 + first, n);
            }
        }

        /// <summary>The last piece that starts at or before an index.</summary>
        private readonly int PieceAt(nint index)
        {
            int low = 0, high = Count - 1;
            while (low < high)
            {
                int middle = (low + high + 1) / 2;
                if (Pieces[middle].Start <= index) low = middle;
                else high = middle - 1;
            }
            return low;
        }
    }

    /// <inheritdoc/>
    protected internal override double Measure<TMeasure>(ReadOnlySpan<Tensor> a, ReadOnlySpan<Tensor> b)
    {
        nint blocks = 0;
        foreach (var tensor in a) blocks += (tensor.Count + MeasureBlock - 1) / MeasureBlock;
        if (blocks == 0) return 0;

        var body = new MeasureBody<TMeasure> { Blocks = (BlockToMeasure*)Scratch.Get(blocks * sizeof(BlockToMeasure)) };
        nint next = 0;
        for (int i = 0; i < a.Length; i++)
        {
            byte* x = a[i].RawPointer, y = b[i].RawPointer;
            for (nint from = 0; from < a[i].Count; from += MeasureBlock)
            {
                nint skip = from * a[i].DType.Size();
                body.Blocks[next++] = new BlockToMeasure
                {
                    A = x + skip, B = y + skip, Length = (int)Math.Min(MeasureBlock, a[i].Count - from), DType = a[i].DType,
                };
            }
        }
        WorkerPool.For(blocks, 4, ref body);
        Tensor.KeepAlive(a[0], b[0]);       // the spans keep their arrays alive, and those keep all tensors

        var result = new F64(body.Blocks[0].Result);
        for (nint i = 1; i < blocks; i++) result = TMeasure.Combine(result, new F64(body.Blocks[i].Result));
        return result.V;
    }

    private struct BlockToMeasure
    {
        public byte* A, B;
        public double Result;
        public int Length;
        public DType DType;
    }

    private struct MeasureBody<TMeasure> : IParallelBody where TMeasure : unmanaged, IMeasure<TMeasure>
    {
        public BlockToMeasure* Blocks;

        public readonly void Run(nint from, nint to)
        {
            for (nint i = from; i < to; i++)
            {
                var call = new MeasureCall<TMeasure>(Blocks + i);
                Simd.Run(Blocks[i].DType, ref call);
            }
        }
    }

    private readonly struct MeasureCall<TMeasure>(BlockToMeasure* block) : ISimdBody where TMeasure : unmanaged, IMeasure<TMeasure>
    {
        public void Run<V, T>() where V : unmanaged, ISimd<V, T> where T : unmanaged, IBinaryFloatingPointIeee754<T>
            => block->Result = MeasureLoop.Run<TMeasure, V, T>((T*)block->A, (T*)block->B, block->Length);
    }
}

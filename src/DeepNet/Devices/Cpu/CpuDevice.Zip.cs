using DeepNet.Devices.Cpu;

namespace DeepNet;

public sealed unsafe partial class CpuDevice
{
    /// <inheritdoc/>
    protected internal override void Zip<TOp>(TOp op, Tensor a, Tensor b, Tensor y) => ZipHere(op, a, b, y);

    /// <summary>The kernel itself, without the price of a generic virtual call, which a small tensor would feel.</summary>
    internal static void ZipHere<TOp>(TOp op, Tensor a, Tensor b, Tensor y) where TOp : unmanaged, IBinaryOp<TOp>
    {
        var call = new ZipCall<TOp>(op, a, b, y);
        if (a.DType.IsHalf()) ZipHalves(op, a, b, y);
        else Simd.RunAny(TOp.Name, a.DType, ref call);
    }

    private readonly struct ZipCall<TOp>(TOp op, Tensor a, Tensor b, Tensor y) : INumberBody where TOp : unmanaged, IBinaryOp<TOp>
    {
        public void Run<V, T>() where V : unmanaged, ISimd<V, T> where T : unmanaged, IBinaryNumber<T>
            => Zip<TOp, V, T>(op, a, b, y);
    }

    /// <summary>Chunk by chunk where both are dense and of one shape; what is broadcast or lies otherwise is widened first.</summary>
    private static void ZipHalves<TOp>(TOp op, Tensor a, Tensor b, Tensor y) where TOp : unmanaged, IBinaryOp<TOp>
    {
        if (a.IsContiguous && b.IsContiguous && a.Count == y.Count && b.Count == y.Count)
        {
            HalfLoop.Zip(op, a, b, y);
            return;
        }
        using var wide = new Widening();
        ZipHere(op, wide.Read(a), wide.Read(b), wide.Write(y));
    }

    private static void Zip<TOp, V, T>(TOp op, Tensor a, Tensor b, Tensor y)
        where TOp : unmanaged, IBinaryOp<TOp> where V : unmanaged, ISimd<V, T> where T : unmanaged
    {
        nint n = y.Count;
        if (n == 0) return;
        if (n <= Grain && !TOp.IsPredicate && a.IsContiguous && b.IsContiguous && a.Count == n
            && RowsOf(b.Shape, y.Shape) is > 0 and nint rows)
        {
            // The commonest case of all, small and dense: the same shape on both sides, one number, or one row for all.
            nint length = rows == 1 ? n : n / rows;     // a division takes longer than an addition of eight
            ZipLoop.Forward<TOp, V, T>(
                op, a.Pointer<T>(), length, false, b.Pointer<T>(), 0, length > b.Count, y.Pointer<T>(), length, rows, length);
            return;
        }
        ZipNest<TOp, V, T>(op, a, b, y);
    }

    /// <summary>
    /// Gets how often a dense b repeats to fill the shape: 1 for a single number too, which repeats within the row; 0 if it is no row of
    /// it.
    /// </summary>
    private static nint RowsOf(Shape b, Shape y)
    {
        if (b.Count == y.Count || b.Count == 1) return 1;
        return b.Rank < y.Rank && y.Axes[^b.Rank..].SequenceEqual(b.Axes) ? y.Count / b.Count : 0;
    }

    /// <summary>Any layout: rows in which each operand is dense or one repeated value; what is neither is made dense first.</summary>
    private static void ZipNest<TOp, V, T>(TOp op, Tensor a, Tensor b, Tensor y)
        where TOp : unmanaged, IBinaryOp<TOp> where V : unmanaged, ISimd<V, T> where T : unmanaged
    {
        a = a.Expand(y.Shape);
        b = b.Expand(y.Shape);
        // Pixel by pixel, where that is the order of the result.
        if (!y.IsContiguous && y.IsChannelsLast) (a, b, y) = (a.AsPixels(), b.AsPixels(), y.AsPixels());
        var nest = new LoopNest(y.Shape, a.Strides, b.Strides, y.Strides);
        Tensor? denseA = null, denseB = null;
        if (!IsRowLike(nest.InnerStride(0))) denseA = a = a.CopyDense();
        if (!IsRowLike(nest.InnerStride(1))) denseB = b = b.CopyDense();
        if (denseA is not null || denseB is not null) nest = new LoopNest(y.Shape, a.Strides, b.Strides, y.Strides);

        nint size = TOp.IsPredicate ? 1 : sizeof(T);
        var body = new ZipBody<TOp, V, T> { Op = op, Nest = nest, A = a.Pointer<T>(), B = b.Pointer<T>(), Y = y.RawPointer, YSize = size };
        body.Streams = nest.TotalRows == 1 && !TOp.IsPredicate && Streamed.Pays<V, T>(y.Count, 3, (T*)body.Y);
        if (nest.TotalRows == 1)
        {
            if (nest.Inner <= Grain) body.Columns(0, nest.Inner);
            else
            {
                var columns = new ZipColumns<TOp, V, T> { Body = &body };
                WorkerPool.For(nest.Inner, Grain, ref columns);
            }
        }
        else
        {
            WorkerPool.For(nest.TotalRows, Math.Max(1, Grain / nest.Inner), ref body);
        }
        denseA?.Storage.Release();
        denseB?.Storage.Release();
    }

    private static bool IsRowLike(nint stride) => stride is 0 or 1;

    /// <inheritdoc/>
    protected internal override void ZipBackward<TOp>(TOp op, Tensor a, Tensor b, Tensor y, Tensor g, Tensor? da, Tensor? db, bool isRow)
    {
        if (isRow) ZipBackwardRow(op, a, b, y, g, da, db);
        else ZipBackwardHere(op, a, b, y, g, da, db);
    }

    /// <inheritdoc cref="ZipHere"/>
    internal static void ZipBackwardHere<TOp>(TOp op, Tensor a, Tensor b, Tensor y, Tensor g, Tensor? da, Tensor? db)
        where TOp : unmanaged, IBinaryOp<TOp>
    {
        var call = new ZipBackwardCall<TOp>(op, a, b, y, g, da, db);
        if (g.DType.IsHalf()) HalfLoop.ZipBackward(op, a, b, y, g, da, db);
        else Simd.Run(g.DType, ref call);
    }

    private readonly struct ZipBackwardCall<TOp>(TOp op, Tensor a, Tensor b, Tensor y, Tensor g, Tensor? da, Tensor? db) : ISimdBody
        where TOp : unmanaged, IBinaryOp<TOp>
    {
        public void Run<V, T>() where V : unmanaged, ISimd<V, T> where T : unmanaged, IBinaryFloatingPointIeee754<T>
        {
            nint n = g.Count;
            T* dA = da is null ? null : da.Pointer<T>(), dB = db is null ? null : db.Pointer<T>();
            if (n <= Grain)
            {
                ZipLoop.Backward<TOp, V, T>(op, a.Pointer<T>(), b.Pointer<T>(), y.Pointer<T>(), g.Pointer<T>(), dA, dB, n);
            }
            else
            {
                var body = new ZipBackwardBody<TOp, V, T>
                {
                    Op = op, A = a.Pointer<T>(), B = b.Pointer<T>(), Y = y.Pointer<T>(), G = g.Pointer<T>(), Da = dA, Db = dB,
                };
                WorkerPool.For(n, Grain, ref body);
            }
        }
    }

    private struct ZipBody<TOp, V, T> : IParallelBody
        where TOp : unmanaged, IBinaryOp<TOp> where V : unmanaged, ISimd<V, T> where T : unmanaged
    {
        public TOp Op;
        public LoopNest Nest;
        public T* A, B;
        public byte* Y;
        public nint YSize;
        public bool Streams;

        public readonly void Run(nint from, nint to)
        {
            // Whole blocks of rows at a time; the first and the last may be parts of one.
            for (nint row = from; row < to;)
            {
                nint count = Math.Min(to - row, Nest.Rows - row % Nest.Rows);
                Loop(A + Nest.RowOffset(0, row), B + Nest.RowOffset(1, row), Y + Nest.RowOffset(2, row) * YSize, count, Nest.Inner);
                row += count;
            }
        }

        public readonly void Columns(nint from, nint to)
            => Loop(A + from * Nest.InnerStride(0), B + from * Nest.InnerStride(1), Y + from * YSize, 1, to - from);

        private readonly void Loop(T* a, T* b, byte* y, nint rows, nint n)
        {
            bool aScalar = Nest.InnerStride(0) == 0, bScalar = Nest.InnerStride(1) == 0;
            if (TOp.IsPredicate)
                ZipLoop.Predicate<TOp, V, T>(
                    Op, a, Nest.RowStride(0), aScalar, b, Nest.RowStride(1), bScalar, y, Nest.RowStride(2), rows, n);
            else
                ZipLoop.Forward<TOp, V, T>(
                    Op, a, Nest.RowStride(0), aScalar, b, Nest.RowStride(1), bScalar, (T*)y, Nest.RowStride(2), rows, n, Streams);
        }
    }

    private struct ZipColumns<TOp, V, T> : IParallelBody
        where TOp : unmanaged, IBinaryOp<TOp> where V : unmanaged, ISimd<V, T> where T : unmanaged
    {
        public ZipBody<TOp, V, T>* Body;

        public readonly void Run(nint from, nint to) => Body->Columns(from, to);
    }

    private struct ZipBackwardBody<TOp, V, T> : IParallelBody
        where TOp : unmanaged, IBinaryOp<TOp> where V : unmanaged, ISimd<V, T> where T : unmanaged
    {
        public TOp Op;
        public T* A, B, Y, G, Da, Db;

        public readonly void Run(nint from, nint to)
            => ZipLoop.Backward<TOp, V, T>(
            Op, A + from, B + from, Y + from, G + from, Da == null ? null : Da + from, Db == null ? null : Db + from, to - from);
    }
}

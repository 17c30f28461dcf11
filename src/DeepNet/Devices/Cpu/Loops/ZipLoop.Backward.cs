using DeepNet.Ops;

namespace DeepNet.Devices.Cpu;

internal static unsafe partial class ZipLoop
{
    // What the column sums of one block take: they stay in the first-level cache beside the rows that stream through.
    private const nint BlockBytes = 8192;

    /// <summary>
    /// The gradients of both operands, all of one length. A null output is not computed. Pass g for an input that
    /// <see cref="NeedsBinary{TOp}"/> says is not read.
    /// </summary>
    public static void Backward<TOp, V, T>(TOp op, T* a, T* b, T* y, T* g, T* da, T* db, nint n)
        where TOp : unmanaged, IBinaryOp<TOp>
        where V : struct, ISimd<V, T>
        where T : unmanaged
    {
        if (da != null && db != null)
            Both<TOp, V, T>(op, a, b, y, g, da, db, n);
        else if (da != null)
            OnlyA<TOp, V, T>(op, a, b, y, g, da, n);
        else if (db != null)
            OnlyB<TOp, V, T>(op, a, b, y, g, db, n);
    }

    /// <summary>
    /// The gradients where b is one row of <paramref name="n"/> elements repeated for all <paramref name="rows"/> dense rows:
    /// da in full (or null), and db = its sum over these rows (or null), written in the same pass and not accumulated.
    /// Rows are added in order, so the sum is a function of the rows alone.
    /// </summary>
    public static void BackwardRow<TOp, V, T>(TOp op, T* a, T* b, T* y, T* g, T* da, T* db, nint rows, nint n)
        where TOp : unmanaged, IBinaryOp<TOp>
        where V : struct, ISimd<V, T>
        where T : unmanaged
    {
        if (db == null)
        {
            for (nint row = 0; row < rows; row++)
                Backward<TOp, V, T>(op, a + row * n, b, y + row * n, g + row * n, da == null ? null : da + row * n, null, n);
            return;
        }

        new Span<T>(db, checked((int)n)).Clear();
        nint block = BlockBytes / sizeof(T);
        for (nint column = 0; column < n; column += block)
        {
            nint width = nint.Min(block, n - column);
            for (nint row = 0; row < rows; row++)
            {
                nint at = row * n + column;
                if (da != null)
                    RowBoth<TOp, V, T>(op, a + at, b + column, y + at, g + at, da + at, db + column, width);
                else
                    RowSum<TOp, V, T>(op, a + at, b + column, y + at, g + at, db + column, width);
            }
        }
    }

    [MethodImpl(NoInlining | AggressiveOptimization)]
    private static void Both<TOp, V, T>(TOp op, T* a, T* b, T* y, T* g, T* da, T* db, nint n)
        where TOp : unmanaged, IBinaryOp<TOp>
        where V : struct, ISimd<V, T>
        where T : unmanaged
    {
        nint i = 0;
        for (; i <= n - V.Lanes; i += V.Lanes)
        {
            (V left, V right) = TOp.Backward(op, V.Load(a + i), V.Load(b + i), V.Load(y + i), V.Load(g + i));
            left.Store(da + i);
            right.Store(db + i);
        }
        if (i < n)
        {
            int rest = (int)(n - i);
            (V left, V right) = TOp.Backward(
                op, V.LoadPart(a + i, rest), V.LoadPart(b + i, rest), V.LoadPart(y + i, rest), V.LoadPart(g + i, rest));
            left.StorePart(da + i, rest);
            right.StorePart(db + i, rest);
        }
    }

    [MethodImpl(NoInlining | AggressiveOptimization)]
    private static void OnlyA<TOp, V, T>(TOp op, T* a, T* b, T* y, T* g, T* da, nint n)
        where TOp : unmanaged, IBinaryOp<TOp>
        where V : struct, ISimd<V, T>
        where T : unmanaged
    {
        nint i = 0;
        for (; i <= n - V.Lanes; i += V.Lanes)
            TOp.Backward(op, V.Load(a + i), V.Load(b + i), V.Load(y + i), V.Load(g + i)).A.Store(da + i);
        if (i < n)
        {
            int rest = (int)(n - i);
            TOp.Backward(op, V.LoadPart(a + i, rest), V.LoadPart(b + i, rest), V.LoadPart(y + i, rest),
                V.LoadPart(g + i, rest)).A.StorePart(da + i, rest);
        }
    }

    [MethodImpl(NoInlining | AggressiveOptimization)]
    private static void OnlyB<TOp, V, T>(TOp op, T* a, T* b, T* y, T* g, T* db, nint n)
        where TOp : unmanaged, IBinaryOp<TOp>
        where V : struct, ISimd<V, T>
        where T : unmanaged
    {
        nint i = 0;
        for (; i <= n - V.Lanes; i += V.Lanes)
            TOp.Backward(op, V.Load(a + i), V.Load(b + i), V.Load(y + i), V.Load(g + i)).B.Store(db + i);
        if (i < n)
        {
            int rest = (int)(n - i);
            TOp.Backward(op, V.LoadPart(a + i, rest), V.LoadPart(b + i, rest), V.LoadPart(y + i, rest),
                V.LoadPart(g + i, rest)).B.StorePart(db + i, rest);
        }
    }

    [MethodImpl(NoInlining | AggressiveOptimization)]
    private static void RowBoth<TOp, V, T>(TOp op, T* a, T* b, T* y, T* g, T* da, T* sum, nint n)
        where TOp : unmanaged, IBinaryOp<TOp>
        where V : struct, ISimd<V, T>
        where T : unmanaged
    {
        nint i = 0;
        for (; i <= n - V.Lanes; i += V.Lanes)
        {
            (V left, V right) = TOp.Backward(op, V.Load(a + i), V.Load(b + i), V.Load(y + i), V.Load(g + i));
            left.Store(da + i);
            (V.Load(sum + i) + right).Store(sum + i);
        }
        if (i < n)
        {
            int rest = (int)(n - i);
            (V left, V right) = TOp.Backward(
                op, V.LoadPart(a + i, rest), V.LoadPart(b + i, rest), V.LoadPart(y + i, rest), V.LoadPart(g + i, rest));
            left.StorePart(da + i, rest);
            (V.LoadPart(sum + i, rest) + right).StorePart(sum + i, rest);
        }
    }

    [MethodImpl(NoInlining | AggressiveOptimization)]
    private static void RowSum<TOp, V, T>(TOp op, T* a, T* b, T* y, T* g, T* sum, nint n)
        where TOp : unmanaged, IBinaryOp<TOp>
        where V : struct, ISimd<V, T>
        where T : unmanaged
    {
        nint i = 0;
        for (; i <= n - V.Lanes; i += V.Lanes)
        {
            V right = TOp.Backward(op, V.Load(a + i), V.Load(b + i), V.Load(y + i), V.Load(g + i)).B;
            (V.Load(sum + i) + right).Store(sum + i);
        }
        if (i < n)
        {
            int rest = (int)(n - i);
            V right = TOp.Backward(op, V.LoadPart(a + i, rest), V.LoadPart(b + i, rest), V.LoadPart(y + i, rest),
                V.LoadPart(g + i, rest)).B;
            (V.LoadPart(sum + i, rest) + right).StorePart(sum + i, rest);
        }
    }
}

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
            Gradients<TOp, V, T, Cached, Cached>(op, a, b, y, g, da, db, n);
        else if (da != null)
            Gradients<TOp, V, T, Cached, Skipped>(op, a, b, y, g, da, db, n);
        else if (db != null)
            Gradients<TOp, V, T, Skipped, Cached>(op, a, b, y, g, da, db, n);
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
                    Gradients<TOp, V, T, Cached, Added>(op, a + at, b + column, y + at, g + at, da + at, db + column, width);
                else
                    Gradients<TOp, V, T, Skipped, Added>(op, a + at, b + column, y + at, g + at, da, db + column, width);
            }
        }
    }

    [MethodImpl(NoInlining | AggressiveOptimization)]
    private static void Gradients<TOp, V, T, TA, TB>(TOp op, T* a, T* b, T* y, T* g, T* da, T* db, nint n)
        where TOp : unmanaged, IBinaryOp<TOp>
        where V : struct, ISimd<V, T>
        where T : unmanaged
        where TA : IStore
        where TB : IStore
    {
        nint i = 0;
        for (; i <= n - V.Lanes; i += V.Lanes)
        {
            (V left, V right) = TOp.Backward(op, V.Load(a + i), V.Load(b + i), V.Load(y + i), V.Load(g + i));
            TA.Put(left, da + i);
            TB.Put(right, db + i);
        }
        if (i == n) return;
        int rest = (int)(n - i);
        (V lastLeft, V lastRight) = TOp.Backward(
            op, V.LoadPart(a + i, rest), V.LoadPart(b + i, rest), V.LoadPart(y + i, rest), V.LoadPart(g + i, rest));
        TA.PutPart(lastLeft, da + i, rest);
        TB.PutPart(lastRight, db + i, rest);
    }
}

namespace DeepNet.Devices.Cpu;

/// <summary>
/// The loops of binary operators. An operand is a row of n elements or one value for the whole row, and its row stride of 0
/// repeats it: same shapes, scalars, rows and columns are all cases of one loop over rows.
/// </summary>
/// <remarks>Outputs may be one of the inputs, at the same address; they must not overlap otherwise.</remarks>
internal static unsafe partial class ZipLoop
{
    /// <summary>
    /// y = op(a, b) over <paramref name="rows"/> rows of <paramref name="n"/> elements; row strides in elements. May be told to write past
    /// the caches, from aligned places on.
    /// </summary>
    public static void Forward<TOp, V, T>(
        TOp op, T* a, nint aRow, bool aScalar, T* b, nint bRow, bool bScalar, T* y, nint yRow, nint rows, nint n, bool streams = false)
        where TOp : unmanaged, IBinaryOp<TOp>
        where V : struct, ISimd<V, T>
        where T : unmanaged
    {
        for (; rows > 0; rows--, a += aRow, b += bRow, y += yRow)
        {
            if (aScalar && bScalar)
                Fill<TOp, V, T>(op, *a, *b, y, n);
            else if (aScalar)
                LeftScalar<TOp, V, T>(op, *a, b, y, n);
            else if (bScalar)
                RightScalar<TOp, V, T>(op, a, *b, y, n);
            else if (streams)
                Row<TOp, V, T, Streamed>(op, a, b, y, n);
            else
                Row<TOp, V, T, Cached>(op, a, b, y, n);
        }
    }

    [MethodImpl(NoInlining | AggressiveOptimization)]
    private static void Row<TOp, V, T, TStore>(TOp op, T* a, T* b, T* y, nint n)
        where TOp : unmanaged, IBinaryOp<TOp>
        where V : struct, ISimd<V, T>
        where T : unmanaged
        where TStore : IStore
    {
        nint i = 0;
        for (; i <= n - V.Lanes; i += V.Lanes)
            TStore.Put(op.Forward(V.Load(a + i), V.Load(b + i)), y + i);
        TStore.Finish();
        if (i < n)
        {
            int rest = (int)(n - i);
            op.Forward(V.LoadPart(a + i, rest), V.LoadPart(b + i, rest)).StorePart(y + i, rest);
        }
    }

    [MethodImpl(NoInlining | AggressiveOptimization)]
    private static void LeftScalar<TOp, V, T>(TOp op, T a, T* b, T* y, nint n)
        where TOp : unmanaged, IBinaryOp<TOp>
        where V : struct, ISimd<V, T>
        where T : unmanaged
    {
        V left = V.Broadcast(a);
        nint i = 0;
        for (; i <= n - V.Lanes; i += V.Lanes)
            op.Forward(left, V.Load(b + i)).Store(y + i);
        if (i < n)
        {
            int rest = (int)(n - i);
            op.Forward(left, V.LoadPart(b + i, rest)).StorePart(y + i, rest);
        }
    }

    [MethodImpl(NoInlining | AggressiveOptimization)]
    private static void RightScalar<TOp, V, T>(TOp op, T* a, T b, T* y, nint n)
        where TOp : unmanaged, IBinaryOp<TOp>
        where V : struct, ISimd<V, T>
        where T : unmanaged
    {
        V right = V.Broadcast(b);
        nint i = 0;
        for (; i <= n - V.Lanes; i += V.Lanes)
            op.Forward(V.Load(a + i), right).Store(y + i);
        if (i < n)
        {
            int rest = (int)(n - i);
            op.Forward(V.LoadPart(a + i, rest), right).StorePart(y + i, rest);
        }
    }

    [MethodImpl(NoInlining | AggressiveOptimization)]
    private static void Fill<TOp, V, T>(TOp op, T a, T b, T* y, nint n)
        where TOp : unmanaged, IBinaryOp<TOp>
        where V : struct, ISimd<V, T>
        where T : unmanaged
    {
        V value = op.Forward(V.Broadcast(a), V.Broadcast(b));
        nint i = 0;
        for (; i <= n - V.Lanes; i += V.Lanes)
            value.Store(y + i);
        if (i < n)
            value.StorePart(y + i, (int)(n - i));
    }
}

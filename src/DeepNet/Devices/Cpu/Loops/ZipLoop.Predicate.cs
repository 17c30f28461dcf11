namespace DeepNet.Devices.Cpu;

internal static unsafe partial class ZipLoop
{
    /// <summary>y = op(a, b) for an operator that gives 0 or 1; operands as in <see cref="Forward{TOp, V, T}"/>.</summary>
    [MethodImpl(NoInlining | AggressiveOptimization)]
    public static void Predicate<TOp, V, T>(
        TOp op, T* a, nint aRow, bool aScalar, T* b, nint bRow, bool bScalar, byte* y, nint yRow, nint rows, nint n)
        where TOp : unmanaged, IBinaryOp<TOp>
        where V : struct, ISimd<V, T>
        where T : unmanaged
    {
        for (; rows > 0 && n > 0; rows--, a += aRow, b += bRow, y += yRow)
        {
            V left = V.Broadcast(*a), right = V.Broadcast(*b);
            nint i = 0;
            for (; i <= n - V.Lanes; i += V.Lanes)
                op.Forward(aScalar ? left : V.Load(a + i), bScalar ? right : V.Load(b + i)).StoreBool(y + i);
            if (i < n)
            {
                int rest = (int)(n - i);
                V result = op.Forward(aScalar ? left : V.LoadPart(a + i, rest), bScalar ? right : V.LoadPart(b + i, rest));
                Partial.StoreBool<V, T>(result, y + i, rest);
            }
        }
    }
}

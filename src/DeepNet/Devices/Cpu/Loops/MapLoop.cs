namespace DeepNet.Devices.Cpu;

/// <summary>
/// The loops of unary operators, for every operator and every width. One vector an iteration, not more: only then does the
/// JIT keep the formula's constants in registers. The rest is a partial vector, so it has the same bits as a full one.
/// </summary>
/// <remarks>Outputs may be one of the inputs, at the same address; they must not overlap otherwise.</remarks>
internal static unsafe class MapLoop
{
    /// <summary>y = op(x).</summary>
    [MethodImpl(NoInlining | AggressiveOptimization)]
    public static void Forward<TOp, V, T, TStore>(TOp op, T* x, T* y, nint n)
        where TOp : unmanaged, IUnaryOp<TOp>
        where V : struct, ISimd<V, T>
        where T : unmanaged
        where TStore : IStore
    {
        nint i = 0;
        for (; i <= n - V.Lanes; i += V.Lanes)
            TStore.Put(op.Forward(V.Load(x + i)), y + i);
        TStore.Finish();
        if (i < n)
        {
            int rest = (int)(n - i);
            op.Forward(V.LoadPart(x + i, rest)).StorePart(y + i, rest);
        }
    }

    /// <summary>y = op(x) for an operator that gives 0 or 1.</summary>
    [MethodImpl(NoInlining | AggressiveOptimization)]
    public static void Predicate<TOp, V, T>(TOp op, T* x, byte* y, nint n)
        where TOp : unmanaged, IUnaryOp<TOp>
        where V : struct, ISimd<V, T>
        where T : unmanaged
    {
        nint i = 0;
        for (; i <= n - V.Lanes; i += V.Lanes)
            op.Forward(V.Load(x + i)).StoreBool(y + i);
        if (i < n)
            Partial.StoreBool<V, T>(op.Forward(V.LoadPart(x + i, (int)(n - i))), y + i, (int)(n - i));
    }

    /// <summary>
    /// dx = the gradient of x. Pass g for an input that <see cref="Needs{TOp}"/> says is not read: a dead load from elsewhere would cost.
    /// </summary>
    [MethodImpl(NoInlining | AggressiveOptimization)]
    public static void Backward<TOp, V, T>(TOp op, T* x, T* y, T* g, T* dx, nint n)
        where TOp : unmanaged, IUnaryOp<TOp>
        where V : struct, ISimd<V, T>
        where T : unmanaged
    {
        nint i = 0;
        for (; i <= n - V.Lanes; i += V.Lanes)
            TOp.Backward(op, V.Load(x + i), V.Load(y + i), V.Load(g + i)).Store(dx + i);
        if (i < n)
        {
            int rest = (int)(n - i);
            TOp.Backward(op, V.LoadPart(x + i, rest), V.LoadPart(y + i, rest), V.LoadPart(g + i, rest)).StorePart(dx + i, rest);
        }
    }
}

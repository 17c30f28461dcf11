namespace DeepNet.Ops;

/// <summary>1 for numbers other than −1 and 1, 0 for these; NaN counts as one of them.</summary>
internal readonly struct NoSign : IUnaryOp<NoSign>
{
    [MethodImpl(AggressiveInlining)]
    public V Forward<V>(V x) where V : INumber<V>
    {
        V zero = V.Constant(0), one = V.Constant(1);
        return V.IfGreater(V.Abs(V.Abs(x) - one), zero, one, zero);
    }
}

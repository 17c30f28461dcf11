namespace DeepNet.Ops;

/// <summary>y = x, or 0 where x is NaN; there the derivative is 0 too.</summary>
internal readonly struct NanToZero : IUnaryOp<NanToZero>
{
    [MethodImpl(AggressiveInlining)]
    public V Forward<V>(V x) where V : INumber<V> => V.IfEqual(x, x, x, V.Constant(0));

    [MethodImpl(AggressiveInlining)]
    public static V Backward<V>(NanToZero op, V x, V y, V g) where V : INumber<V> => V.IfEqual(x, x, g, V.Constant(0));
}

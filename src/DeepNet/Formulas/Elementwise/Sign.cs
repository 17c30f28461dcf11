namespace DeepNet.Ops;

/// <summary>y = 1, −1 or 0 for positive, negative and zero x; NaN gives NaN.</summary>
internal readonly struct Sign : IUnaryOp<Sign>
{
    public static bool OnHalves => true;
    public static bool OnIntegers => true;

    [MethodImpl(AggressiveInlining)]
    public V Forward<V>(V x) where V : INumber<V>
        => V.IfGreater(x, V.Constant(0), V.Constant(1), V.IfGreater(V.Constant(0), x, V.Constant(-1), x));

    [MethodImpl(AggressiveInlining)]
    public static V Backward<V>(Sign op, V x, V y, V g) where V : INumber<V> => V.Constant(0);
}

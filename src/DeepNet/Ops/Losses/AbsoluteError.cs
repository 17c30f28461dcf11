namespace DeepNet.Ops;

/// <summary>|a − b|; the gradient at 0 is 0.</summary>
internal readonly struct AbsoluteError : IBinaryOp<AbsoluteError>
{
    [MethodImpl(AggressiveInlining)]
    public V Forward<V>(V a, V b) where V : INumber<V> => V.Abs(a - b);

    [MethodImpl(AggressiveInlining)]
    public static (V A, V B) Backward<V>(AbsoluteError op, V a, V b, V y, V g) where V : INumber<V>
    {
        V d = a - b, zero = V.Constant(0), s = V.IfGreater(d, zero, g, V.IfGreater(zero, d, -g, zero));
        return (s, -s);
    }
}

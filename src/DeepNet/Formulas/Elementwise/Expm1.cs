namespace DeepNet.Ops;

/// <summary>y = eˣ − 1, accurate near zero.</summary>
internal readonly struct Expm1 : IUnaryOp<Expm1>
{
    [MethodImpl(AggressiveInlining)]
    public V Forward<V>(V x) where V : INumber<V> => V.Expm1(x);

    [MethodImpl(AggressiveInlining)]
    public static V Backward<V>(Expm1 op, V x, V y, V g) where V : INumber<V> => V.Fma(g, y, g);
}

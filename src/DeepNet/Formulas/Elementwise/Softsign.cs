namespace DeepNet.Ops;

/// <summary>y = x/(1 + |x|).</summary>
internal readonly struct Softsign : IUnaryOp<Softsign>
{
    public static bool OnHalves => true;

    [MethodImpl(AggressiveInlining)]
    public V Forward<V>(V x) where V : INumber<V> => x / (V.Constant(1) + V.Abs(x));

    [MethodImpl(AggressiveInlining)]
    public static V Backward<V>(Softsign op, V x, V y, V g) where V : INumber<V>
    {
        V r = V.Constant(1) / (V.Constant(1) + V.Abs(x));
        return g * r * r;
    }
}

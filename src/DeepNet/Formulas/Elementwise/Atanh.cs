namespace DeepNet.Ops;

/// <summary>y = artanh x = ½·ln((1 + x)/(1 − x)); NaN outside [−1, 1].</summary>
internal readonly struct Atanh : IUnaryOp<Atanh>
{
    public static ReadOnlySpan<double> Points => [-0.93, -0.6, -0.15, 0.2, 0.5, 0.9];

    [MethodImpl(AggressiveInlining)]
    public V Forward<V>(V x) where V : INumber<V> => V.Constant(0.5) * (V.Log1p(x) - V.Log1p(-x));

    [MethodImpl(AggressiveInlining)]
    public static V Backward<V>(Atanh op, V x, V y, V g) where V : INumber<V> => g / ((V.Constant(1) - x) * (V.Constant(1) + x));
}

namespace DeepNet.Ops;

/// <summary>y = ln(1 + x), accurate near zero.</summary>
internal readonly struct Log1p : IUnaryOp<Log1p>
{
    public static ReadOnlySpan<double> Points => [-0.9, -0.4, -0.1, 0.2, 0.8, 1.7, 9];

    [MethodImpl(AggressiveInlining)]
    public V Forward<V>(V x) where V : INumber<V> => V.Log1p(x);

    [MethodImpl(AggressiveInlining)]
    public static V Backward<V>(Log1p op, V x, V y, V g) where V : INumber<V> => g / (V.Constant(1) + x);
}

namespace DeepNet.Ops;

/// <summary>y = 1/√x.</summary>
internal readonly struct Rsqrt : IUnaryOp<Rsqrt>
{
    public static ReadOnlySpan<double> Points => [0.05, 0.3, 0.8, 1.0, 1.7, 2.6, 9];

    [MethodImpl(AggressiveInlining)]
    public V Forward<V>(V x) where V : INumber<V> => V.Constant(1) / V.Sqrt(x);

    [MethodImpl(AggressiveInlining)]
    public static V Backward<V>(Rsqrt op, V x, V y, V g) where V : INumber<V> => g * V.Constant(-0.5) * (y * y * y);
}

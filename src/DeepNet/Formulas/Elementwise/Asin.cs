namespace DeepNet.Ops;

/// <summary>y = arcsin x = atan(x/√(1 − x²)); NaN outside [−1, 1].</summary>
internal readonly struct Asin : IUnaryOp<Asin>
{
    public static ReadOnlySpan<double> Points => [-0.93, -0.6, -0.15, 0.2, 0.5, 0.9];

    [MethodImpl(AggressiveInlining)]
    public V Forward<V>(V x) where V : INumber<V> => V.Atan(x / V.Sqrt((V.Constant(1) - x) * (V.Constant(1) + x)));

    [MethodImpl(AggressiveInlining)]
    public static V Backward<V>(Asin op, V x, V y, V g) where V : INumber<V> => g / V.Sqrt((V.Constant(1) - x) * (V.Constant(1) + x));
}

namespace DeepNet.Ops;

/// <summary>y = √x.</summary>
internal readonly struct Sqrt : IUnaryOp<Sqrt>
{
    public static ReadOnlySpan<double> Points => [0.05, 0.3, 0.8, 1.0, 1.7, 2.6, 9];

    [MethodImpl(AggressiveInlining)]
    public V Forward<V>(V x) where V : INumber<V> => V.Sqrt(x);

    [MethodImpl(AggressiveInlining)]
    public static V Backward<V>(Sqrt op, V x, V y, V g) where V : INumber<V> => g * V.Constant(0.5) / y;
}

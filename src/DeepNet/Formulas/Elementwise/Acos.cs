namespace DeepNet.Ops;

/// <summary>y = arccos x = 2·atan √((1 − x)/(1 + x)); NaN outside [−1, 1].</summary>
internal readonly struct Acos : IUnaryOp<Acos>
{
    public static ReadOnlySpan<double> Points => [-0.93, -0.6, -0.15, 0.2, 0.5, 0.9];

    [MethodImpl(AggressiveInlining)]
    public V Forward<V>(V x) where V : INumber<V> => V.Constant(2) * V.Atan(V.Sqrt((V.Constant(1) - x) / (V.Constant(1) + x)));

    [MethodImpl(AggressiveInlining)]
    public static V Backward<V>(Acos op, V x, V y, V g) where V : INumber<V> => -(g / V.Sqrt((V.Constant(1) - x) * (V.Constant(1) + x)));
}

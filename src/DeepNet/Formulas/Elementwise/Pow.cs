namespace DeepNet.Ops;

/// <summary>y = aᵇ with the special values of IEEE pow; the gradient of b is 0 where a is 0 and b is not negative.</summary>
internal readonly struct Pow : IBinaryOp<Pow>
{
    public static ReadOnlySpan<(double A, double B)> Points
        => new[] { (0.3, 0.4), (0.6, -2.2), (0.9, 1.9), (1.35, -0.8), (1.8, 2.3), (2.7, 0.6), (2.6, -1.4) };

    [MethodImpl(AggressiveInlining)]
    public V Forward<V>(V a, V b) where V : INumber<V> => V.Pow(a, b);

    [MethodImpl(AggressiveInlining)]
    public static (V A, V B) Backward<V>(Pow op, V a, V b, V y, V g) where V : INumber<V>
    {
        V zero = V.Constant(0), one = V.Constant(1);
        V dA = V.IfEqual(b, zero, zero, g * b * V.Pow(a, b - one));
        V dB = g * y * V.Log(V.IfEqual(a, zero, V.IfGreater(zero, b, a, one), a)); // y = 0 times ln 0 would be NaN
        return (dA, dB);
    }
}

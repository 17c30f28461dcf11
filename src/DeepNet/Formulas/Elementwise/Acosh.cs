namespace DeepNet.Ops;

/// <summary>y = arcosh x = ln(x + √(x² − 1)); NaN below 1.</summary>
internal readonly struct Acosh : IUnaryOp<Acosh>
{
    public static ReadOnlySpan<double> Points => [1.05, 1.3, 2, 4.5, 20];

    [MethodImpl(AggressiveInlining)]
    public V Forward<V>(V x) where V : INumber<V>
    {
        V t = x - V.Constant(1);
        V near = V.Log1p(t + V.Sqrt(t) * V.Sqrt(x + V.Constant(1))); // two roots: both of a number below −1 are NaN, their product is not
        V far = V.Log(x) + V.Constant(0.69314718055994531); // ln 2x where x² would overflow
        return V.IfGreater(x, V.Constant(1e9), far, near);
    }

    [MethodImpl(AggressiveInlining)]
    public static V Backward<V>(Acosh op, V x, V y, V g) where V : INumber<V> => g / V.Sqrt((x - V.Constant(1)) * (x + V.Constant(1)));
}

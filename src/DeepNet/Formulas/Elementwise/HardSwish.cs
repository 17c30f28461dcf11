namespace DeepNet.Ops;

/// <summary>y = x·(x/6 + ½) with the factor at least 0 and at most 1.</summary>
internal readonly struct HardSwish : IUnaryOp<HardSwish>
{
    public static bool OnHalves => true;

    public static ReadOnlySpan<double> Points => [-4, -2.7, -1.3, -0.15, 0.8, 2.6, 3.5];

    [MethodImpl(AggressiveInlining)]
    public V Forward<V>(V x) where V : INumber<V>
        => x * V.Min(V.Constant(1), V.Max(V.Constant(0), V.Fma(x, V.Constant(1.0 / 6), V.Constant(0.5))));

    [MethodImpl(AggressiveInlining)]
    public static V Backward<V>(HardSwish op, V x, V y, V g) where V : INumber<V>
        => V.IfGreater(V.Constant(-3), x, V.Constant(0),
        V.IfGreater(x, V.Constant(3), g, g * V.Fma(x, V.Constant(1.0 / 3), V.Constant(0.5))));
}

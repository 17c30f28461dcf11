namespace DeepNet.Ops;

/// <summary>y = x/6 + ½, but at least 0 and at most 1.</summary>
internal readonly struct HardSigmoid : IUnaryOp<HardSigmoid>
{
    public static bool OnHalves => true;

    public static ReadOnlySpan<double> Points => [-4, -2.7, -1.3, -0.15, 0.8, 2.6, 3.5];

    [MethodImpl(AggressiveInlining)]
    public V Forward<V>(V x) where V : INumber<V>
        => V.Min(V.Constant(1), V.Max(V.Constant(0), V.Fma(x, V.Constant(1.0 / 6), V.Constant(0.5))));

    [MethodImpl(AggressiveInlining)]
    public static V Backward<V>(HardSigmoid op, V x, V y, V g) where V : INumber<V>
        => V.IfGreater(x, V.Constant(-3), V.IfGreater(V.Constant(3), x, g * V.Constant(1.0 / 6), V.Constant(0)), V.Constant(0));
}

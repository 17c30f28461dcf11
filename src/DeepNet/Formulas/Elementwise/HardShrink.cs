namespace DeepNet.Ops;

/// <summary>y = x where |x| &gt; λ, else 0.</summary>
internal readonly struct HardShrink(double lambda) : IUnaryOp<HardShrink>
{
    private readonly Setting lambda = new(lambda);

    public static bool OnHalves => true;

    public static ReadOnlySpan<HardShrink> Samples => new HardShrink[] { new(0.5), new(1) };

    [MethodImpl(AggressiveInlining)]
    public V Forward<V>(V x) where V : INumber<V> => V.IfGreater(V.Abs(x), V.Constant(lambda), x, V.Constant(0));

    [MethodImpl(AggressiveInlining)]
    public static V Backward<V>(HardShrink op, V x, V y, V g) where V : INumber<V>
        => V.IfGreater(V.Abs(x), V.Constant(op.lambda), g, V.Constant(0));
}

namespace DeepNet.Ops;

/// <summary>y = x, nearer to 0 by λ, and 0 where |x| ≤ λ.</summary>
internal readonly struct SoftShrink(double lambda) : IUnaryOp<SoftShrink>
{
    private readonly Setting lambda = new(lambda);

    public static bool OnHalves => true;

    public static ReadOnlySpan<SoftShrink> Samples => new SoftShrink[] { new(0.5), new(1) };

    [MethodImpl(AggressiveInlining)]
    public V Forward<V>(V x) where V : INumber<V> => x - V.Min(V.Constant(lambda), V.Max(-V.Constant(lambda), x));

    [MethodImpl(AggressiveInlining)]
    public static V Backward<V>(SoftShrink op, V x, V y, V g) where V : INumber<V> => V.IfEqual(y, V.Constant(0), V.Constant(0), g);
}

namespace DeepNet.Ops;

/// <summary>
/// y = x, but at least <paramref name="min"/> and at most <paramref name="max"/>; the derivative is 1 on the closed interval. Use
/// infinities for an open end.
/// </summary>
internal readonly struct Clamp(double min, double max) : IUnaryOp<Clamp>
{
    private readonly Setting min = new(min);
    private readonly Setting max = new(max);

    public static bool OnHalves => true;
    public static bool OnIntegers => true;

    public static ReadOnlySpan<Clamp> Samples => new Clamp[] { new(-1, 1), new(0.5, double.PositiveInfinity) };

    [MethodImpl(AggressiveInlining)]
    public V Forward<V>(V x) where V : INumber<V> => V.Min(V.Constant(max), V.Max(V.Constant(min), x));

    [MethodImpl(AggressiveInlining)]
    public static V Backward<V>(Clamp op, V x, V y, V g) where V : INumber<V>
        => V.IfGreater(V.Constant(op.min), x, V.Constant(0), V.IfGreater(x, V.Constant(op.max), V.Constant(0), g));
}

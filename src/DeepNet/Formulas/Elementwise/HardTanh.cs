namespace DeepNet.Ops;

/// <summary>
/// y = x, but at least <paramref name="min"/> and at most <paramref name="max"/>; the derivative is 1 between them and, unlike that of
/// <see cref="Clamp"/>, 0 at them.
/// </summary>
internal readonly struct HardTanh(double min, double max) : IUnaryOp<HardTanh>
{
    private readonly Setting min = new(min);
    private readonly Setting max = new(max);

    public static bool OnHalves => true;

    public static ReadOnlySpan<HardTanh> Samples => new HardTanh[] { new(-1, 1), new(0, 6) };

    [MethodImpl(AggressiveInlining)]
    public V Forward<V>(V x) where V : INumber<V> => V.Min(V.Constant(max), V.Max(V.Constant(min), x));

    [MethodImpl(AggressiveInlining)]
    public static V Backward<V>(HardTanh op, V x, V y, V g) where V : INumber<V>
        => V.IfGreater(y, V.Constant(op.min), V.IfGreater(V.Constant(op.max), y, g, V.Constant(0)), V.Constant(0));
}

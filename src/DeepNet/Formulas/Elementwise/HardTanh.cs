namespace DeepNet.Ops;

/// <summary>
/// y = x, but at least <paramref name="min"/> and at most <paramref name="max"/>; the derivative is 1 between them and, unlike that of
/// <see cref="Clamp"/>, 0 at them.
/// </summary>
/// <param name="min">The lower limit.</param>
/// <param name="max">The upper limit.</param>
internal readonly struct HardTanh(double min, double max) : IUnaryOp<HardTanh>
{
    private readonly Setting min = new(min);
    private readonly Setting max = new(max);

    /// <inheritdoc/>
    public static bool OnHalves => true;

    /// <inheritdoc/>
    public static string Name => "hard_tanh";

    /// <inheritdoc/>
    public static ReadOnlySpan<HardTanh> Samples => new HardTanh[] { new(-1, 1), new(0, 6) };

    /// <inheritdoc/>
    [MethodImpl(AggressiveInlining)]
    public V Forward<V>(V x) where V : INumber<V> => V.Min(V.Constant(max), V.Max(V.Constant(min), x));

    /// <inheritdoc/>
    [MethodImpl(AggressiveInlining)]
    public static V Backward<V>(HardTanh op, V x, V y, V g) where V : INumber<V>
        => V.IfGreater(y, V.Constant(op.min), V.IfGreater(V.Constant(op.max), y, g, V.Constant(0)), V.Constant(0));
}

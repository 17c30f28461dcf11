namespace DeepNet.Ops;

/// <summary>y = x where x is above a threshold, else another number.</summary>
/// <param name="threshold">The threshold.</param>
/// <param name="value">The other number.</param>
internal readonly struct Threshold(double threshold, double value) : IUnaryOp<Threshold>
{
    private readonly Setting threshold = new(threshold);
    private readonly Setting value = new(value);

    /// <inheritdoc/>
    public static bool OnHalves => true;

    /// <inheritdoc/>
    public static ReadOnlySpan<Threshold> Samples => new Threshold[] { new(0.5, -1), new(-1, 20) };

    /// <inheritdoc/>
    [MethodImpl(AggressiveInlining)]
    public V Forward<V>(V x) where V : INumber<V> => V.IfGreater(x, V.Constant(threshold), x, V.Constant(value));

    /// <inheritdoc/>
    [MethodImpl(AggressiveInlining)]
    public static V Backward<V>(Threshold op, V x, V y, V g) where V : INumber<V>
        => V.IfGreater(x, V.Constant(op.threshold), g, V.Constant(0));
}

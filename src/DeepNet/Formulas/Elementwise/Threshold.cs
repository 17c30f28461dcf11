namespace DeepNet.Ops;

/// <summary>y = x where x is above a threshold, else another number.</summary>
internal readonly struct Threshold(double threshold, double value) : IUnaryOp<Threshold>
{
    private readonly Setting threshold = new(threshold);
    private readonly Setting value = new(value);

    public static bool OnHalves => true;

    public static ReadOnlySpan<Threshold> Samples => new Threshold[] { new(0.5, -1), new(-1, 20) };

    [MethodImpl(AggressiveInlining)]
    public V Forward<V>(V x) where V : INumber<V> => V.IfGreater(x, V.Constant(threshold), x, V.Constant(value));

    [MethodImpl(AggressiveInlining)]
    public static V Backward<V>(Threshold op, V x, V y, V g) where V : INumber<V>
        => V.IfGreater(x, V.Constant(op.threshold), g, V.Constant(0));
}

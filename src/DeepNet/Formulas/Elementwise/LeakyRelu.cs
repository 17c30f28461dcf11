namespace DeepNet.Ops;

/// <summary>y = x where x &gt; 0, else slope·x.</summary>
/// <param name="slope">The slope of the negative side.</param>
internal readonly struct LeakyRelu(double slope) : IUnaryOp<LeakyRelu>
{
    private readonly Setting slope = new(slope);

    public static bool OnHalves => true;

    public static ReadOnlySpan<LeakyRelu> Samples => new LeakyRelu[] { new(0.01), new(0.2), new(-1) };

    [MethodImpl(AggressiveInlining)]
    public V Forward<V>(V x) where V : INumber<V> => V.IfGreater(x, V.Constant(0), x, V.Constant(slope) * x);

    [MethodImpl(AggressiveInlining)]
    public static V Backward<V>(LeakyRelu op, V x, V y, V g) where V : INumber<V>
        => V.IfGreater(x, V.Constant(0), g, V.Constant(op.slope) * g);
}

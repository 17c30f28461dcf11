namespace DeepNet.Ops;

/// <summary>y = x where x &gt; 0, else α·(e^(x/α) − 1): an <see cref="Elu"/> whose slope is 1 at 0 for every α.</summary>
/// <param name="alpha">The limit of −y towards −∞.</param>
internal readonly struct Celu(double alpha) : IUnaryOp<Celu>
{
    private readonly Setting alpha = new(alpha);

    public static bool OnHalves => true;

    public static ReadOnlySpan<Celu> Samples => new Celu[] { new(1), new(0.3) };

    [MethodImpl(AggressiveInlining)]
    public V Forward<V>(V x) where V : INumber<V>
        => V.IfGreater(x, V.Constant(0), x, V.Constant(alpha) * V.Expm1(V.Min(V.Constant(0), x) / V.Constant(alpha)));

    [MethodImpl(AggressiveInlining)]
    public static V Backward<V>(Celu op, V x, V y, V g) where V : INumber<V>
        => V.IfGreater(x, V.Constant(0), g, g * V.Exp(V.Min(V.Constant(0), x) / V.Constant(op.alpha)));
}

namespace DeepNet.Ops;

/// <summary>y = x where x &gt; 0, else α·(eˣ − 1).</summary>
/// <param name="alpha">The limit of −y towards −∞.</param>
internal readonly struct Elu(double alpha) : IUnaryOp<Elu>
{
    private readonly Setting alpha = new(alpha);

    public static bool OnHalves => true;

    public static ReadOnlySpan<Elu> Samples => new Elu[] { new(1), new(0.3) };

    [MethodImpl(AggressiveInlining)]
    public V Forward<V>(V x) where V : INumber<V> => V.IfGreater(x, V.Constant(0), x, V.Constant(alpha) * V.Expm1(V.Min(V.Constant(0), x)));

    [MethodImpl(AggressiveInlining)]
    public static V Backward<V>(Elu op, V x, V y, V g) where V : INumber<V>
        => V.IfGreater(x, V.Constant(0), g, g * V.Constant(op.alpha) * V.Exp(V.Min(V.Constant(0), x)));
}

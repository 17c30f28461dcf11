namespace DeepNet.Ops;

/// <summary>y = x·Φ(x), with Φ the normal distribution.</summary>
/// <remarks>½·x·(1 + erf(x/√2)) would cancel in the left tail; Φ is a number of its own here, so this keeps its relative accuracy.</remarks>
public readonly struct Gelu : IUnaryOp<Gelu>
{
    /// <inheritdoc/>
    [MethodImpl(AggressiveInlining)]
    public V Forward<V>(V x) where V : INumber<V> => x * V.NormalCdf(x);

    /// <inheritdoc/>
    [MethodImpl(AggressiveInlining)]
    public static V Backward<V>(Gelu op, V x, V y, V g) where V : INumber<V>
    {
        V density = V.Constant(0.3989422804014327) * V.Exp(x * x * V.Constant(-0.5));
        return g * V.Fma(x, density, V.NormalCdf(x));
    }
}

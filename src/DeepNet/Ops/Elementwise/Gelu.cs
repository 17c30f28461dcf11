namespace DeepNet.Ops;

/// <summary>y = x·Φ(x) = ½·x·erfc(−x/√2), with Φ the normal distribution.</summary>
/// <remarks>Written with erfc because 1 + erf cancels in the left tail: this keeps full relative accuracy down to x = −13.</remarks>
public readonly struct Gelu : IUnaryOp<Gelu>
{
    private const double Half = 0.70710678118654752; // √½

    /// <inheritdoc/>
    [MethodImpl(AggressiveInlining)]
    public V Forward<V>(V x) where V : INumber<V> => x * V.Constant(0.5) * V.Erfc(x * V.Constant(-Half));

    /// <inheritdoc/>
    [MethodImpl(AggressiveInlining)]
    public static V Backward<V>(Gelu op, V x, V y, V g) where V : INumber<V>
    {
        V density = V.Constant(0.3989422804014327) * V.Exp(x * x * V.Constant(-0.5));
        V distribution = V.Constant(0.5) * V.Erfc(x * V.Constant(-Half));
        return g * V.Fma(x, density, distribution);
    }
}

namespace DeepNet.Ops;

/// <summary>ln cosh(a − b): ½d² for small differences d, |d| − ln 2 for large ones, and smooth in between.</summary>
public readonly struct LogCoshError : IBinaryOp<LogCoshError>
{
    /// <inheritdoc/>
    [MethodImpl(AggressiveInlining)]
    public V Forward<V>(V a, V b) where V : INumber<V>
    {
        // |d| + ln(½(1 + e^(−2|d|))), in which nothing overflows; for small differences −½ ln(1 − tanh² d), in which nothing cancels.
        V d = V.Abs(a - b), t = V.Tanh(d), half = V.Constant(0.5);
        V large = d + V.Log1p(half * V.Expm1(V.Constant(-2) * d)), small = -half * V.Log1p(-t * t);
        return V.IfGreater(d, V.Constant(1), large, small);
    }

    /// <inheritdoc/>
    [MethodImpl(AggressiveInlining)]
    public static (V A, V B) Backward<V>(LogCoshError op, V a, V b, V y, V g) where V : INumber<V>
    {
        V d = V.Tanh(a - b) * g;
        return (d, -d);
    }
}

namespace DeepNet.Ops;

/// <summary>ln cosh(a − b): ½d² for small differences d, |d| − ln 2 for large ones, and smooth in between.</summary>
internal readonly struct LogCoshError : IBinaryOp<LogCoshError>
{
    [MethodImpl(AggressiveInlining)]
    public V Forward<V>(V a, V b) where V : INumber<V>
    {
        // cosh d = 1 + 2 sinh²(d/2), in which nothing cancels; far out the logarithm is that of e^d/2, and nothing overflows.
        V d = V.Abs(a - b), e = V.Expm1(V.Constant(0.5) * V.Min(V.Constant(20), d)), twice = e + e / (e + V.Constant(1));
        return V.IfGreater(d, V.Constant(20), d - V.Constant(0.69314718055994531), V.Log1p(V.Constant(0.5) * twice * twice));
    }

    [MethodImpl(AggressiveInlining)]
    public static (V A, V B) Backward<V>(LogCoshError op, V a, V b, V y, V g) where V : INumber<V>
    {
        V d = V.Tanh(a - b) * g;
        return (d, -d);
    }
}

namespace DeepNet.Ops;

/// <summary>The cross-entropy of the probability σ(a) with the target b: max(a, 0) − a·b + ln(1 + e^−|a|).</summary>
internal readonly struct LogitEntropy : IBinaryOp<LogitEntropy>
{
    [MethodImpl(AggressiveInlining)]
    public V Forward<V>(V a, V b) where V : INumber<V>
        => V.Max(V.Constant(0), a) - a * b + V.Log1p(V.Exp(-V.Abs(a)));

    [MethodImpl(AggressiveInlining)]
    public static (V A, V B) Backward<V>(LogitEntropy op, V a, V b, V y, V g) where V : INumber<V>
    {
        V one = V.Constant(1);
        return ((one / (one + V.Exp(-a)) - b) * g, -(a * g));
    }
}

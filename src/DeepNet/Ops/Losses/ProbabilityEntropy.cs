namespace DeepNet.Ops;

/// <summary>
/// The cross-entropy of the probability a with the target b: −b·ln a − (1 − b)·ln(1 − a), each logarithm no less than −100.
/// </summary>
internal readonly struct ProbabilityEntropy : IBinaryOp<ProbabilityEntropy>
{
    public static ReadOnlySpan<(double A, double B)> Points => new[] { (0.1, 0.9), (0.35, 0), (0.6, 1), (0.9, 0.3), (0.75, 0.5) };

    [MethodImpl(AggressiveInlining)]
    public V Forward<V>(V a, V b) where V : INumber<V>
    {
        V least = V.Constant(-100), one = V.Constant(1);
        return -(b * V.Max(least, V.Log(a)) + (one - b) * V.Max(least, V.Log1p(-a)));
    }

    [MethodImpl(AggressiveInlining)]
    public static (V A, V B) Backward<V>(ProbabilityEntropy op, V a, V b, V y, V g) where V : INumber<V>
    {
        V one = V.Constant(1), least = V.Constant(-100);
        V da = (a - b) / V.Max(V.Constant(1e-12), a * (one - a));
        return (da * g, (V.Max(least, V.Log1p(-a)) - V.Max(least, V.Log(a))) * g);
    }
}

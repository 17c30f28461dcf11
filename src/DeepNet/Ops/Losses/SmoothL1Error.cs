namespace DeepNet.Ops;

/// <summary>½d²/β for a difference d below β, else |d| − ½β.</summary>
/// <param name="beta">β, where the parabola ends; above 0.</param>
internal readonly struct SmoothL1Error(double beta) : IBinaryOp<SmoothL1Error>
{
    private readonly Setting beta = new(beta), inverse = new(1 / beta), half = new(0.5 * beta), halfInverse = new(0.5 / beta);

    public static ReadOnlySpan<SmoothL1Error> Samples => new SmoothL1Error[] { new(1), new(0.3), new(2) };

    [MethodImpl(AggressiveInlining)]
    public V Forward<V>(V a, V b) where V : INumber<V>
    {
        V d = V.Abs(a - b), limit = V.Constant(beta);
        return V.IfGreater(limit, d, V.Constant(halfInverse) * d * d, d - V.Constant(half));
    }

    [MethodImpl(AggressiveInlining)]
    public static (V A, V B) Backward<V>(SmoothL1Error op, V a, V b, V y, V g) where V : INumber<V>
    {
        V one = V.Constant(1), d = V.Max(-one, V.Min(one, (a - b) * V.Constant(op.inverse))) * g;
        return (d, -d);
    }
}

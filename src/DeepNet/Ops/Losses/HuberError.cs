namespace DeepNet.Ops;

/// <summary>½d² for a difference d of up to δ, beyond it δ(|d| − ½δ).</summary>
internal readonly struct HuberError(double delta) : IBinaryOp<HuberError>
{
    private readonly Setting delta = new(delta);

    public static ReadOnlySpan<HuberError> Samples => new HuberError[] { new(1), new(0.3), new(2) };

    [MethodImpl(AggressiveInlining)]
    public V Forward<V>(V a, V b) where V : INumber<V>
    {
        V d = V.Abs(a - b), limit = V.Constant(delta), half = V.Constant(0.5);
        return V.IfGreater(d, limit, limit * (d - half * limit), half * d * d);
    }

    [MethodImpl(AggressiveInlining)]
    public static (V A, V B) Backward<V>(HuberError op, V a, V b, V y, V g) where V : INumber<V>
    {
        V limit = V.Constant(op.delta), d = V.Max(-limit, V.Min(limit, a - b)) * g;
        return (d, -d);
    }
}

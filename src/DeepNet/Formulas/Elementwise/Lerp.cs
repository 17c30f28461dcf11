namespace DeepNet.Ops;

/// <summary>y = a + weight·(b − a), computed from the nearer end: exactly a for weight 0 and b for 1.</summary>
internal readonly struct Lerp(double weight) : IBinaryOp<Lerp>
{
    private readonly Setting weight = new(weight), rest = new(1 - weight);

    public static bool OnHalves => true;

    public static ReadOnlySpan<Lerp> Samples => new Lerp[] { new(0.3), new(0.8) };

    [MethodImpl(AggressiveInlining)]
    public V Forward<V>(V a, V b) where V : INumber<V>
    {
        V w = V.Constant(weight), d = b - a;
        return V.IfGreater(V.Constant(0.5), w, V.Fma(w, d, a), V.Fma(-V.Constant(rest), d, b));
    }

    [MethodImpl(AggressiveInlining)]
    public static (V A, V B) Backward<V>(Lerp op, V a, V b, V y, V g) where V : INumber<V>
        => (g * V.Constant(op.rest), g * V.Constant(op.weight));
}

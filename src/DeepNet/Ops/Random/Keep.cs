namespace DeepNet.Ops;

/// <summary>A factor with the probability p, else 0: what dropout multiplies by.</summary>
internal readonly struct Keep(double p, double factor) : IDistribution
{
    private readonly Setting p = new(p), factor = new(factor);

    [MethodImpl(AggressiveInlining)]
    public V From<V>(V u) where V : INumber<V> => V.IfGreater(V.Constant(p), u, V.Constant(factor), V.Constant(0));
}

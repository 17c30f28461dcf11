namespace DeepNet;

/// <summary>1 with a probability p, else 0: a Bernoulli trial.</summary>
/// <param name="p">The probability of 1.</param>
public readonly struct Coin(double p) : IDistribution
{
    private readonly Setting p = new(p);

    /// <inheritdoc/>
    [MethodImpl(AggressiveInlining)]
    public V From<V>(V u) where V : INumber<V> => V.IfGreater(V.Constant(p), u, V.Constant(1), V.Constant(0));
}

namespace DeepNet;

/// <summary>
/// Numbers of the normal distribution. Tensors are filled with pairs of them, by Box and Muller, which reach further into the tails than
/// the formula of one uniform number.
/// </summary>
public readonly struct NormalPairs : IDistribution
{
    private readonly Setting mean, std;

    /// <summary>The distribution with a mean and a standard deviation.</summary>
    public NormalPairs(double mean, double std) => (this.mean, this.std) = (new(mean), new(std));

    /// <inheritdoc/>
    [MethodImpl(AggressiveInlining)]
    public V From<V>(V u) where V : INumber<V>
    {
        V z = TruncatedNormal.InverseErf(V.Fma(V.Constant(2), u, V.Constant(-1))) * V.Constant(Math.Sqrt(2));
        return V.Fma(z, V.Constant(std), V.Constant(mean));
    }

    /// <summary>
    /// Two numbers from two uniform ones: a point whose distance from the origin is that of a bivariate normal, in a direction that is
    /// anything.
    /// </summary>
    /// <param name="u">Uniform in (0, 1], never 0: so the logarithm is finite.</param>
    /// <param name="halfTurns">Uniform in [−1, 1]: the direction, as a fraction of π.</param>
    [MethodImpl(AggressiveInlining)]
    public (V First, V Second) Pair<V>(V u, V halfTurns) where V : INumber<V>
    {
        V distance = V.Constant(std) * V.Sqrt(V.Constant(-2) * V.Log(u));
        V angle = V.Constant(Math.PI) * halfTurns;
        return (V.Fma(distance, V.Cos(angle), V.Constant(mean)), V.Fma(distance, V.Sin(angle), V.Constant(mean)));
    }
}

namespace DeepNet;

/// <summary>
/// Two normal numbers from two uniform ones, by Box and Muller: a point whose distance from the origin is that of a bivariate
/// normal, in a direction that is anything.
/// </summary>
public readonly struct BoxMuller
{
    private readonly Setting mean, std;

    /// <summary>The transformation to a mean and a standard deviation.</summary>
    public BoxMuller(double mean, double std) => (this.mean, this.std) = (new(mean), new(std));

    /// <summary>Both numbers.</summary>
    /// <param name="u">Uniform in (0, 1], never 0: so the logarithm is finite.</param>
    /// <param name="halfTurns">Uniform in [−1, 1]: the direction, as a fraction of π.</param>
    [MethodImpl(AggressiveInlining)]
    public (V First, V Second) From<V>(V u, V halfTurns) where V : INumber<V>
    {
        V distance = V.Constant(std) * V.Sqrt(V.Constant(-2) * V.Log(u));
        V angle = V.Constant(Math.PI) * halfTurns;
        return (V.Fma(distance, V.Cos(angle), V.Constant(mean)), V.Fma(distance, V.Sin(angle), V.Constant(mean)));
    }
}

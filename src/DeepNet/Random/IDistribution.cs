namespace DeepNet;

/// <summary>
/// A distribution, as the formula that turns a uniform number into one of it (often the inverse of its distribution function). Written
/// over an abstract number, so that it runs vectorised on the CPU and in a kernel on a GPU.
/// </summary>
/// <example><code>
/// readonly struct Exponential(double rate) : IDistribution
/// {
///     private readonly Setting rate = new(rate);
///     public V From&lt;V>(V u) where V : INumber&lt;V> => -V.Log1p(-u) / V.Constant(rate);
/// }
/// x.FillRandom(new Exponential(2));
/// </code></example>
public interface IDistribution
{
    /// <summary>The element that belongs to u, which is uniform in [0, 1): a multiple of 2⁻²⁴ in float32, of 2⁻⁵² in float64.</summary>
    V From<V>(V u) where V : INumber<V>;
}

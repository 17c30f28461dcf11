namespace DeepNet.Devices;

/// <summary>Specifies what attention computes apart from its operands.</summary>
/// <param name="Scale">The factor of the scores.</param>
/// <param name="IsCausal">True if a query sees no keys behind its own place.</param>
public readonly record struct AttentionRule(double Scale, bool IsCausal)
{
    /// <summary>The place of the first query among the keys: the number of keys that a cache held before it.</summary>
    public int Offset { get; init; }

    /// <summary>The number of keys up to its own place that a query sees, if causal; 0 for all of them.</summary>
    public int Window { get; init; }

    /// <summary>True if scores fall with the distance between query and key, by the slope of the head.</summary>
    public bool HasSlopes { get; init; }

    /// <summary>
    /// Gets the factor of distances in a head, as in "Train short, test long" (Press et al. 2022): for 2ⁿ heads a geometric sequence that
    /// ends in 2⁻⁸; for others that of the next lower power of two, and then every other number of the next higher one's.
    /// </summary>
    public static double Slope(int head, int heads)
    {
        int first = SlopeHeads(heads);
        return Math.Pow(2, -4.0 / first * (head < first ? 2 * (head + 1) : 2 * (head - first) + 1));
    }

    /// <summary>Gets the number of heads that have the slopes of a power of two: the largest one up to the number of heads.</summary>
    public static int SlopeHeads(int heads) => 1 << System.Numerics.BitOperations.Log2((uint)heads);
}

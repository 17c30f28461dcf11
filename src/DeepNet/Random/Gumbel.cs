namespace DeepNet;

/// <summary>Numbers of the Gumbel distribution, −ln(−ln u): as the largest of many exponential ones.</summary>
internal readonly struct Gumbel : IDistribution
{
    [MethodImpl(AggressiveInlining)]
    public V From<V>(V u) where V : INumber<V>
    {
        V least = V.Constant(1.0 / (1 << 25)); // half a step: ln 0 would be infinite
        return -V.Log(-V.Log(V.IfGreater(least, u, least, u)));
    }
}

namespace DeepNet;

/// <summary>Integers from low on, so many, all equally likely. Tensors of integers are filled exactly, from 64 random bits each.</summary>
/// <param name="low">The lowest integer.</param>
/// <param name="range">How many there are.</param>
public readonly struct UniformIntegers(long low, ulong range) : IDistribution
{
    private readonly Setting first = new(low), count = new(range);

    /// <summary>The lowest integer.</summary>
    public readonly long Low = low;

    /// <summary>The number of integers.</summary>
    public readonly ulong Range = range;

    /// <inheritdoc/>
    [MethodImpl(AggressiveInlining)]
    public V From<V>(V u) where V : INumber<V> => V.Constant(first) + V.Floor(u * V.Constant(count));
}

namespace DeepNet.Data.Sampling;

/// <summary>All examples, shuffled anew every epoch.</summary>
public sealed class RandomSampler(int count) : ISampler
{
    /// <inheritdoc/>
    public int Count { get; } = count >= 0 ? count : throw new ArgumentOutOfRangeException(nameof(count));

    /// <inheritdoc/>
    public int[] Draw(DrawKey epoch) => epoch.Generator().Permutation(Count);
}

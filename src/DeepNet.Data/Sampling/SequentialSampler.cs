namespace DeepNet.Data.Sampling;

/// <summary>All examples as they lie.</summary>
public sealed class SequentialSampler(int count) : ISampler
{
    /// <inheritdoc/>
    public int Count { get; } = count >= 0 ? count : throw new ArgumentOutOfRangeException(nameof(count));

    /// <inheritdoc/>
    public int[] Draw(DrawKey epoch) => [.. Enumerable.Range(0, Count)];
}

namespace DeepNet.Data.Sampling;

/// <summary>
/// All examples, shuffled so that those of a batch have nearly the same length: little of a batch is padding then. Batches come in random
/// order, and which examples are together differs from epoch to epoch.
/// </summary>
/// <remarks>
/// The shuffled examples are cut into pools of several batches, and each pool is sorted by length before it is cut into batches. The last
/// batch, if it is not full, has examples of any length.
/// </remarks>
/// <example><code>
/// Sampler = new BucketSampler(reviews.Select(r => r.Tokens.Length), batchSize: 32)
/// </code></example>
public sealed class BucketSampler : ISampler
{
    private readonly int[] lengths;
    private readonly int pool;

    /// <summary>Makes batches of examples of nearly the same length.</summary>
    /// <param name="lengths">The length of each example.</param>
    /// <param name="batchSize">The loader's number of examples of a batch.</param>
    /// <param name="pool">The number of batches of a pool: more make lengths more alike, fewer make batches more random.</param>
    public BucketSampler(IEnumerable<int> lengths, int batchSize, int pool = 50)
    {
        ArgumentNullException.ThrowIfNull(lengths);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(batchSize);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(pool);
        this.lengths = [.. lengths];
        this.pool = pool;
        BatchSize = batchSize;
    }

    /// <summary>Makes batches of examples of a data set of nearly the same length.</summary>
    /// <param name="dataset">The examples, each of which is asked for once.</param>
    /// <param name="length">The length of an example.</param>
    /// <param name="batchSize">The loader's number of examples of a batch.</param>
    /// <param name="pool">The number of batches of a pool: more make lengths more alike, fewer make batches more random.</param>
    public static BucketSampler Of<T>(IDataset<T> dataset, Func<T, int> length, int batchSize, int pool = 50)
    {
        ArgumentNullException.ThrowIfNull(dataset);
        ArgumentNullException.ThrowIfNull(length);
        return new(Enumerable.Range(0, dataset.Count).Select(i => length(dataset[i])), batchSize, pool);
    }

    /// <summary>Gets the number of examples of a batch.</summary>
    public int BatchSize { get; }

    /// <inheritdoc/>
    public int Count => lengths.Length;

    /// <inheritdoc/>
    public int[] Draw(DrawKey epoch)
    {
        int[] shuffled = epoch.At(0).Generator().Permutation(Count);
        int batches = Count / BatchSize, whole = batches * BatchSize;
        for (int at = 0; at < whole;)
        {
            int size = (int)Math.Min((long)pool * BatchSize, whole - at);
            int[] sorted = [.. shuffled.AsSpan(at, size).ToArray().OrderBy(i => lengths[i])];          // stable
            sorted.CopyTo(shuffled, at);
            at += size;
        }
        var drawn = new int[Count];
        int[] order = epoch.At(1).Generator().Permutation(batches);
        for (int b = 0; b < batches; b++)
            shuffled.AsSpan(order[b] * BatchSize, BatchSize).CopyTo(drawn.AsSpan(b * BatchSize));
        shuffled.AsSpan(whole).CopyTo(drawn.AsSpan(whole));
        return drawn;
    }
}

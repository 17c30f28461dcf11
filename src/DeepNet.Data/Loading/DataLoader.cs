using DeepNet.Data.Loading;
using DeepNet.Data.Sampling;

namespace DeepNet.Data;

/// <summary>Batches of any type, of a data set. <see cref="DataLoader"/> is the one for inputs and targets.</summary>
/// <typeparam name="TBatch">
/// The type of a batch: a tensor, a tuple or a dictionary of tensors, or a record that implements <see cref="IBatch{TSelf}"/>.
/// </typeparam>
/// <example><code>
/// var loader = new DataLoader&lt;Reviews&gt;(Dataset.From(reviews).Collate(MakeBatch), batchSize: 64, shuffle: true) { Workers = 2 };
/// foreach (var batch in loader) …
/// </code></example>
public class DataLoader<TBatch> : Loader<TBatch>
{
    private readonly IBatchSource<TBatch> source;
    private ISampler sampler;

    /// <summary>A loader of a data set.</summary>
    /// <param name="source">The examples, and how batches are made of them.</param>
    /// <param name="batchSize">The number of examples of a batch; the last one of an epoch may have fewer.</param>
    /// <param name="shuffle">Whether each epoch has an order of its own.</param>
    /// <param name="seed">The seed of orders and augmentation.</param>
    public DataLoader(IBatchSource<TBatch> source, int batchSize = 1, bool shuffle = false, ulong seed = 0) : base(batchSize, seed)
    {
        ArgumentNullException.ThrowIfNull(source);
        this.source = source;
        sampler = shuffle ? new RandomSampler(source.Count) : new SequentialSampler(source.Count);
    }

    /// <summary>Gets the sampler, which chooses the examples of an epoch and their order; in place of <c>shuffle</c>.</summary>
    public ISampler Sampler
    {
        get => sampler;
        init
        {
            ArgumentNullException.ThrowIfNull(value);
            if (value is BucketSampler buckets && buckets.BatchSize != BatchSize)
                throw new ArgumentException(
                    $"[data_loader] the sampler's buckets are for batches of {buckets.BatchSize} examples, and those of the loader have "
                        + $"{BatchSize}.");
            sampler = value;
        }
    }

    /// <summary>Gets a value that is true if a last batch that is not full is left out.</summary>
    public bool DropLast { get; init; }

    /// <summary>Gets the number of batches of an epoch.</summary>
    public int Count => DropLast ? sampler.Count / BatchSize : (int)(((long)sampler.Count + BatchSize - 1) / BatchSize);

    internal override int? BatchCount => Count;

    private protected override long? ExampleCount => source.Count;

    private protected override bool CanCut => true;

    internal override int? SizeOf(int batch) => Math.Min(BatchSize, sampler.Count - batch * BatchSize);

    private protected override BatchReader<TBatch> Read(LoaderState from)
    {
        var epoch = new Epoch<TBatch>(source, sampler, new Augmentation<TBatch>(Transform, from), BatchSize, Shard, from);
        return new BatchReader<TBatch>(epoch, from.Batch * Shard.Count, Count * Shard.Count, Workers, Prefetch);
    }

    /// <inheritdoc/>
    public override string ToString() => $"DataLoader({source}, batchSize: {BatchSize}, {Count} batches)";
}

/// <summary>
/// Batches of inputs and targets, of a data set. Each <c>foreach</c> is an epoch: shuffled by seed and epoch, the same for any number of
/// workers, and able to go on in the middle.
/// </summary>
/// <example><code>
/// var loader = new DataLoader(train, batchSize: 64, shuffle: true) { Workers = 2 };
/// foreach (var (x, y) in loader) …
/// </code></example>
public sealed class DataLoader : DataLoader<Batch>
{
    /// <summary>A loader of a data set.</summary>
    /// <param name="dataset">The examples.</param>
    /// <param name="batchSize">The number of examples of a batch; the last one of an epoch may have fewer.</param>
    /// <param name="shuffle">Whether each epoch has an order of its own.</param>
    /// <param name="seed">The seed of orders and augmentation.</param>
    public DataLoader(IDataset dataset, int batchSize = 1, bool shuffle = false, ulong seed = 0)
        : base(new Source(dataset), batchSize, shuffle, seed) => Dataset = dataset;

    /// <summary>The examples.</summary>
    public IDataset Dataset { get; }

    private sealed class Source : IBatchSource<Batch>
    {
        private readonly IDataset dataset;

        public Source(IDataset dataset)
        {
            ArgumentNullException.ThrowIfNull(dataset);
            this.dataset = dataset;
        }

        public int Count => dataset.Count;

        public Batch GetBatch(ReadOnlySpan<int> indices, CancellationToken cancellation) => dataset.GetBatch(indices, cancellation);

        public override string? ToString() => dataset.ToString();
    }
}

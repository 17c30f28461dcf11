using System.Collections;
using DeepNet.Data.Loading;
using DeepNet.Data.Sampling;
using DeepNet.Data.Transforms;

namespace DeepNet.Data;

/// <summary>
/// Batches of a data set. Each <c>foreach</c> is an epoch: shuffled by seed and epoch, the same for any number of workers, and able to go
/// on in the middle.
/// </summary>
/// <example><code>
/// var loader = new DataLoader(train, batchSize: 64, shuffle: true) { Workers = 2 };
/// foreach (var (x, y) in loader) …
/// </code></example>
public sealed class DataLoader : IEnumerable<Batch>
{
    private LoaderState state;
    private bool isPlaced = true;           // false once a pass began: then the next one begins the epoch after
    private ISampler sampler;

    /// <summary>A loader of a data set.</summary>
    /// <param name="dataset">The examples.</param>
    /// <param name="batchSize">The number of examples of a batch; the last one of an epoch may have fewer.</param>
    /// <param name="shuffle">Whether each epoch has an order of its own.</param>
    /// <param name="seed">The seed of orders and augmentation.</param>
    public DataLoader(IDataset dataset, int batchSize = 1, bool shuffle = false, ulong seed = 0)
    {
        ArgumentNullException.ThrowIfNull(dataset);
        if (batchSize < 1)
            throw new ArgumentOutOfRangeException(nameof(batchSize), $"[data_loader] a batch of {batchSize} examples cannot be made.");
        Dataset = dataset;
        BatchSize = batchSize;
        sampler = shuffle ? new RandomSampler(dataset.Count) : new SequentialSampler(dataset.Count);
        state = new LoaderState(seed, 0, 0);
    }

    /// <summary>The examples.</summary>
    public IDataset Dataset { get; }

    /// <summary>Gets the number of examples of a batch.</summary>
    public int BatchSize { get; }

    /// <summary>Gets the sampler, which chooses the examples of an epoch and their order; in place of <c>shuffle</c>.</summary>
    public ISampler Sampler
    {
        get => sampler;
        init
        {
            ArgumentNullException.ThrowIfNull(value);
            sampler = value;
        }
    }

    /// <summary>Gets a value that is true if a last batch that is not full is left out.</summary>
    public bool DropLast { get; init; }

    /// <summary>Threads that make batches ahead; 0 makes them when asked, on the asking thread. The batches are the same.</summary>
    public int Workers
    {
        get;
        init
        {
            ArgumentOutOfRangeException.ThrowIfNegative(value);
            field = value;
        }
    }

    /// <summary>Gets the number of batches that may be made before they are asked for; at least one a worker.</summary>
    public int Prefetch
    {
        get => field > 0 ? field : 2 * Workers;
        init
        {
            ArgumentOutOfRangeException.ThrowIfNegativeOrZero(value);
            field = value;
        }
    }

    /// <summary>Gets the transform of each batch, which differs every epoch if it is random; null for none.</summary>
    public ITransform? Transform { get; init; }

    /// <summary>Gets the device that batches are moved to; null leaves them where the data set makes them.</summary>
    public Device? Device { get; init; }

    /// <summary>Gets the number of batches of an epoch.</summary>
    public int Count => DropLast ? sampler.Count / BatchSize : (int)(((long)sampler.Count + BatchSize - 1) / BatchSize);

    /// <summary>
    /// Gets or sets the position of the loader. Read it inside or after a <c>foreach</c>; set it, and the next <c>foreach</c> goes on from
    /// there. Otherwise each <c>foreach</c> begins an epoch, also when the one before was left in the middle.
    /// </summary>
    public LoaderState State
    {
        get => state;
        set
        {
            if (value.Epoch < 0 || value.Batch < 0 || value.Batch > Count)
                throw new ArgumentException(
                    $"[data_loader] {value} is no place in an epoch of {Count} batches. Was it saved with another batch size or data set?");
            state = value;
            isPlaced = true;
        }
    }

    /// <summary>Begins a pass; see <see cref="State"/>.</summary>
    public IEnumerator<Batch> GetEnumerator() => Begin(default);

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <summary>A pass that can be cancelled: it then throws <see cref="OperationCanceledException"/> and ends its workers.</summary>
    public IEnumerable<Batch> WithCancellation(CancellationToken cancellation) => new Cancellable(this, cancellation);

    internal void Moved(LoaderState to)
    {
        state = to;
        isPlaced = to.Batch == 0;
    }

    private LoaderEnumerator Begin(CancellationToken cancellation)
    {
        if (!isPlaced) state = new LoaderState(state.Seed, state.Epoch + 1, 0);
        isPlaced = false;
        return new LoaderEnumerator(this, new Epoch(Dataset, sampler, Transform, BatchSize, Count, state), state, cancellation);
    }

    private sealed class Cancellable(DataLoader loader, CancellationToken cancellation) : IEnumerable<Batch>
    {
        public IEnumerator<Batch> GetEnumerator() => loader.Begin(cancellation);

        IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
    }

    /// <inheritdoc/>
    public override string ToString() => $"DataLoader({Dataset}, batchSize: {BatchSize}, {Count} batches)";
}

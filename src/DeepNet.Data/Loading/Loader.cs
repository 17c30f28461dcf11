using System.Collections;
using DeepNet.Data.Loading;
using DeepNet.Data.Transforms;

namespace DeepNet.Data;

/// <summary>
/// Batches, of a data set (<see cref="DataLoader{TBatch}"/>) or of a stream (<see cref="StreamLoader{TBatch}"/>). Each <c>foreach</c> is an
/// epoch: the same for any number of workers, and able to go on in the middle.
/// </summary>
/// <typeparam name="TBatch">The type of a batch.</typeparam>
public abstract class Loader<TBatch> : ILoader, IEnumerable<TBatch>
{
    private LoaderState state;
    private bool isPlaced = true;           // false once a pass began: then the next one begins the epoch after

    private protected Loader(int batchSize, ulong seed)
    {
        if (batchSize < 1)
            throw new ArgumentOutOfRangeException(nameof(batchSize), $"[data_loader] a batch of {batchSize} examples cannot be made.");
        BatchSize = batchSize;
        state = new LoaderState(seed, 0, 0);
    }

    /// <summary>Gets the number of examples of a batch.</summary>
    public int BatchSize { get; }

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
    public ITransform<TBatch>? Transform { get; init; }

    /// <summary>Gets the device that batches are moved to; null leaves them where they are made.</summary>
    public Device? Device
    {
        get;
        init
        {
            if (value is not null) BatchTensors.Require<TBatch>("data_loader");
            field = value;
        }
    }

    /// <summary>
    /// Gets or sets the position of the loader. Read it inside or after a <c>foreach</c>; set it, and the next <c>foreach</c> goes on from
    /// there. Otherwise each <c>foreach</c> begins an epoch, also when the one before was left in the middle.
    /// </summary>
    public LoaderState State
    {
        get => state;
        set
        {
            if (value.Epoch < 0 || value.Batch < 0 || value.Batch > BatchCount)
                throw new ArgumentException(
                    $"[data_loader] {value} is no place in an epoch of {BatchCount} batches. Was it saved with another batch size or data "
                        + "set?");
            state = value;
            isPlaced = true;
        }
    }

    /// <summary>
    /// Gets or sets which parts of each batch are made, where several processes share the batches. <see cref="State"/> and the number of
    /// batches count whole ones. In a last batch of fewer examples than parts some parts are empty, and left out.
    /// </summary>
    public LoaderShard Shard
    {
        get;
        set
        {
            value.Check(BatchSize);
            if (value != LoaderShard.Whole && !CanCut)
                throw new NotSupportedException($"[data_loader] {this} cannot be cut into parts: use a DataLoader of a data set.");
            field = value;
        }
    } = LoaderShard.Whole;

    int? ILoader.Batches => BatchCount;

    long? ILoader.Examples => ExampleCount;

    /// <summary>Gets the number of batches of an epoch; null if only the end of the data tells.</summary>
    internal abstract int? BatchCount { get; }

    private protected abstract long? ExampleCount { get; }

    /// <summary>Gets a value that is true if batches can be made in parts.</summary>
    private protected virtual bool CanCut => false;

    /// <summary>Gets the number of examples of a whole batch; null if only making it tells.</summary>
    internal virtual int? SizeOf(int batch) => null;

    /// <summary>
    /// A pass in which every part comes, with its number, the number of its batch and the size of that; empty parts come without a batch.
    /// </summary>
    internal IEnumerable<BatchPart<TBatch>> Parts(CancellationToken cancellation)
    {
        using var batches = Begin(cancellation, keepsEmpty: true);
        while (batches.MoveNext()) yield return batches.Part;
    }

    /// <summary>Begins a pass; see <see cref="State"/>.</summary>
    public IEnumerator<TBatch> GetEnumerator() => Begin(default);

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <summary>A pass that can be cancelled: it then throws <see cref="OperationCanceledException"/> and ends its workers.</summary>
    public IEnumerable<TBatch> WithCancellation(CancellationToken cancellation) => new Cancellable(this, cancellation);

    /// <summary>The batches from a position on.</summary>
    private protected abstract BatchReader<TBatch> Read(LoaderState from);

    /// <summary>A pass is over, at a position; what it read from is given up.</summary>
    internal virtual void End(BatchReader<TBatch> reader, LoaderState at) => reader.Dispose();

    internal void Moved(LoaderState to)
    {
        state = to;
        isPlaced = to.Batch == 0;
    }

    private LoaderEnumerator<TBatch> Begin(CancellationToken cancellation, bool keepsEmpty = false)
    {
        if (!isPlaced) state = new LoaderState(state.Seed, state.Epoch + 1, 0);
        isPlaced = false;
        return new LoaderEnumerator<TBatch>(this, Read(state), state, keepsEmpty, cancellation);
    }

    private sealed class Cancellable(Loader<TBatch> loader, CancellationToken cancellation) : IEnumerable<TBatch>
    {
        public IEnumerator<TBatch> GetEnumerator() => loader.Begin(cancellation);

        IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
    }
}

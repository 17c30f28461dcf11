using DeepNet.Data.Loading;

namespace DeepNet.Data;

/// <summary>
/// Batches of any type, of a stream. <see cref="StreamLoader"/> is the one for inputs and targets.
/// </summary>
/// <remarks>
/// Without <see cref="StepsPerEpoch"/>, each <c>foreach</c> is a pass over the stream. With it, a <c>foreach</c> goes on where the one
/// before ended, with the stream kept open in between; one that is left early closes it. Dispose of the loader to close it too.
/// To go on in the middle (<see cref="Loader{TBatch}.State"/>), a stream that can be opened at a position is opened there; any other is
/// read again from its beginning, and what comes before is dropped. With <see cref="Repeat"/>, and in a later pass than the first, that
/// one is read once more, to count it.
/// </remarks>
/// <typeparam name="TBatch">The type of a batch; see <see cref="DataLoader{TBatch}"/>.</typeparam>
public class StreamLoader<TBatch> : Loader<TBatch>, IDisposable
{
    private readonly StreamBatches<TBatch> stream;
    private BatchReader<TBatch>? open;
    private LoaderState openAt;

    /// <summary>A loader of a stream.</summary>
    /// <param name="stream">The examples, and how batches are made of them.</param>
    /// <param name="batchSize">The number of examples of a batch; the last one of a stream may have fewer.</param>
    /// <param name="seed">The seed of orders and augmentation.</param>
    public StreamLoader(StreamBatches<TBatch> stream, int batchSize = 1, ulong seed = 0) : base(batchSize, seed)
    {
        ArgumentNullException.ThrowIfNull(stream);
        this.stream = stream;
    }

    /// <summary>
    /// Gets the number of batches of an epoch, which a trainer must know; null if an epoch is one pass over the stream.
    /// </summary>
    public int? StepsPerEpoch
    {
        get;
        init
        {
            if (value < 1) throw new ArgumentOutOfRangeException(nameof(value), $"[stream_loader] an epoch of {value} batches is none.");
            field = value;
        }
    }

    /// <summary>
    /// Gets the number of examples that are held back and shuffled: those of a block of so many come in random order, block by block. 0
    /// leaves them in the order of the stream.
    /// </summary>
    public int ShuffleBuffer
    {
        get;
        init
        {
            ArgumentOutOfRangeException.ThrowIfNegative(value);
            field = value;
        }
    }

    /// <summary>
    /// Gets a value that is true if the stream begins again at its end, in another order, until an epoch has its
    /// <see cref="StepsPerEpoch"/>. Otherwise a stream that ends before is an error.
    /// </summary>
    public bool Repeat { get; init; }

    /// <summary>Gets a value that is true if a last batch that is not full is left out.</summary>
    public bool DropLast { get; init; }

    internal override int? BatchCount => StepsPerEpoch;

    private protected override long? ExampleCount => null;

    private protected override BatchReader<TBatch> Read(LoaderState from)
    {
        if (Repeat && StepsPerEpoch is null)
            throw new InvalidOperationException("[stream_loader] a stream that repeats has no end: set StepsPerEpoch too.");
        if (open is { } reader && openAt == from)
        {
            open = null;
            return reader;
        }
        Dispose();
        var plan = new StreamPlan(from, BatchSize, StepsPerEpoch, ShuffleBuffer, Repeat, DropLast, IsOnPool: Workers == 0);
        return new BatchReader<TBatch>(stream.Open(plan, Transform), 0, int.MaxValue, Workers, Prefetch);
    }

    internal override void End(BatchReader<TBatch> reader, LoaderState at)
    {
        if (at.Batch != StepsPerEpoch)
        {
            reader.Dispose();
            return;
        }
        Dispose();
        (open, openAt) = (reader, new LoaderState(at.Seed, at.Epoch + 1, 0));
    }

    /// <summary>Closes the stream, and ends the workers. The loader can be used again, and then opens it anew.</summary>
    public void Dispose()
    {
        open?.Dispose();
        open = null;
        GC.SuppressFinalize(this);
    }

    /// <inheritdoc/>
    public override string ToString() => $"StreamLoader({stream}, batchSize: {BatchSize})";
}

/// <summary>Batches of inputs and targets, of a stream.</summary>
/// <example><code>
/// using var train = new StreamLoader(Dataset.Stream(trades, t => [t.Bid, t.Ask], t => t.Next), batchSize: 64)
/// {
///     StepsPerEpoch = 1000, ShuffleBuffer = 10_000,
/// };
/// trainer.Fit(train, epochs: 10);
/// </code></example>
/// <param name="stream">The examples.</param>
/// <param name="batchSize">The number of examples of a batch; the last one of a stream may have fewer.</param>
/// <param name="seed">The seed of orders and augmentation.</param>
public sealed class StreamLoader(StreamBatches<Batch> stream, int batchSize = 1, ulong seed = 0)
    : StreamLoader<Batch>(stream, batchSize, seed);

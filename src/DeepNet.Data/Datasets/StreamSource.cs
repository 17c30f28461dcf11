using DeepNet.Data.Loading;
using DeepNet.Data.Transforms;

namespace DeepNet.Data;

/// <summary>Examples that come one after the other, without a count and perhaps without an end; made by <see cref="Dataset"/>.</summary>
/// <typeparam name="T">The type of an example.</typeparam>
public sealed class StreamSource<T>
{
    private readonly Func<long, CancellationToken, ItemReader<T>> open;

    /// <summary>A stream that a function opens, at a position or at its beginning only.</summary>
    internal StreamSource(Func<long, CancellationToken, ItemReader<T>> open, bool opensAnywhere)
        => (this.open, OpensAnywhere) = (open, opensAnywhere);

    /// <summary>Gets a value that is true if the source can be opened at a position.</summary>
    internal bool OpensAnywhere { get; }

    /// <summary>The examples as batches of any type, for <see cref="StreamLoader{TBatch}"/>.</summary>
    /// <param name="collate">Makes a batch of some examples; called by several workers at once, so that slow work such as decoding
    /// belongs here. <see cref="Collate"/> helps.</param>
    public StreamBatches<TBatch> Collate<TBatch>(Func<IReadOnlyList<T>, TBatch> collate)
    {
        ArgumentNullException.ThrowIfNull(collate);
        return new StreamBatches<T, TBatch>(this, collate);
    }

    /// <summary>
    /// Opens the stream at a position. Where it can be opened at its beginning only, examples before are read and dropped.
    /// </summary>
    /// <param name="position">The number of examples before the first one that is wanted.</param>
    /// <param name="stop">Tells the source that nobody waits for its examples any more.</param>
    /// <param name="cancellation">Ends the reading of examples before the position.</param>
    internal ItemReader<T> Open(long position, CancellationToken stop, CancellationToken cancellation)
    {
        if (OpensAnywhere) return open(position, stop);
        var reader = open(0, stop);
        try
        {
            for (long i = 0; i < position && reader.TryRead(out _, cancellation); i++) { }
            return reader;
        }
        catch
        {
            reader.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public override string ToString() => $"stream of {typeof(T).Name}";
}

/// <summary>A stream whose examples are made into batches of a type.</summary>
/// <typeparam name="TBatch">The type of a batch.</typeparam>
public abstract class StreamBatches<TBatch>
{
    private protected StreamBatches() { }

    internal abstract IBatchMaker<TBatch> Open(StreamPlan plan, ITransform<TBatch>? transform);
}

/// <summary>A stream of examples of a type.</summary>
internal sealed class StreamBatches<T, TBatch>(StreamSource<T> source, Func<IReadOnlyList<T>, TBatch> collate) : StreamBatches<TBatch>
{
    internal override IBatchMaker<TBatch> Open(StreamPlan plan, ITransform<TBatch>? transform)
        => new StreamMaker<T, TBatch>(source, collate, plan, transform);

    public override string ToString() => source.ToString();
}

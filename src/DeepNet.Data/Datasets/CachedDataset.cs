namespace DeepNet.Data;

/// <summary>
/// A data set that keeps examples in memory once they were made, up to a number of bytes; those that come later are made each time. Which
/// ones are kept depends on the order of asking, what the examples are does not.
/// </summary>
/// <remarks>Examples that come first stay: to make room for others would make all of them anew in every epoch.</remarks>
public sealed class CachedDataset : IDataset, ILabeled, IDisposable
{
    private readonly (Tensor X, Tensor Y)?[] kept;
    private readonly object[] making;
    private readonly long limit;
    private long bytes;
    private volatile bool isDisposed;

    internal CachedDataset(IDataset source, long limit)
    {
        ArgumentNullException.ThrowIfNull(source);
        ArgumentOutOfRangeException.ThrowIfNegative(limit);
        Source = source;
        this.limit = limit;
        kept = new (Tensor, Tensor)?[source.Count];
        making = new object[64];
        for (int i = 0; i < making.Length; i++) making[i] = new object();
    }

    /// <summary>Gets the set that examples are made by.</summary>
    public IDataset Source { get; }

    /// <inheritdoc/>
    public int Count => kept.Length;

    /// <summary>Gets the number of bytes that are kept.</summary>
    public long Bytes => Interlocked.Read(ref bytes);

    /// <summary>The labels of <see cref="Source"/>.</summary>
    public IReadOnlyList<int> Labels => Source.Labels();

    /// <inheritdoc/>
    public Sample this[int index]
    {
        get
        {
            Places.Check(this, index);
            // By stripes: each example is made once, and different ones at the same time.
            lock (making[index % making.Length])
            {
                if (kept[index] is { } known) return new Sample(known.X, known.Y);
                var made = Source[index];
                if (!isDisposed && TryReserve(made)) kept[index] = (Keep(made.X), Keep(made.Y));
                return made;
            }
        }
    }

    /// <summary>Frees the memory. Further examples are made each time.</summary>
    public void Dispose()
    {
        isDisposed = true;
        for (int i = 0; i < kept.Length; i++)
        {
            lock (making[i % making.Length])
            {
                kept[i]?.X.Dispose();
                kept[i]?.Y.Dispose();
                kept[i] = null;
            }
        }
        Interlocked.Exchange(ref bytes, 0);
    }

    private bool TryReserve(in Sample sample)
    {
        long size = SizeOf(sample.X) + SizeOf(sample.Y);
        if (Interlocked.Add(ref bytes, size) <= limit) return true;
        Interlocked.Add(ref bytes, -size);
        return false;
    }

    private static long SizeOf(Tensor tensor) => tensor.Count * tensor.DType.Size();

    // A copy, since a view would keep all of the tensor that it shows.
    private static Tensor Keep(Tensor tensor) => Memory.Keep(tensor.Detach().CopyDense());

    /// <inheritdoc/>
    public override string ToString() => $"{Source}, cached";
}

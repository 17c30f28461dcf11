namespace DeepNet.Data.Loading;

/// <summary>Reads the examples of an open source one after the other, on one thread at a time.</summary>
internal abstract class ItemReader<T> : IDisposable
{
    /// <summary>Reads the next example; false at the end.</summary>
    public abstract bool TryRead(out T item, CancellationToken cancellation);

    /// <summary>Closes the source.</summary>
    public abstract void Dispose();
}

/// <summary>Reads an enumerable.</summary>
internal sealed class SyncReader<T>(IEnumerable<T> source) : ItemReader<T>
{
    private readonly IEnumerator<T> items = source.GetEnumerator();

    public override bool TryRead(out T item, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        bool isThere = items.MoveNext();
        item = isThere ? items.Current : default!;
        return isThere;
    }

    public override void Dispose() => items.Dispose();
}

/// <summary>Reads an asynchronous enumerable, on a thread that waits for it.</summary>
internal sealed class AsyncReader<T>(IAsyncEnumerable<T> source, CancellationToken stop) : ItemReader<T>
{
    // The time that Dispose waits for a source that takes long to close, which it goes on doing afterwards.
    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(500);

    private readonly IAsyncEnumerator<T> items = source.GetAsyncEnumerator(stop);
    private Task<bool>? pending;

    public override bool TryRead(out T item, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        pending = items.MoveNextAsync().AsTask();
        if (!pending.IsCompleted) Task.WaitAny([pending], cancellation);
        bool isThere = pending.GetAwaiter().GetResult();
        pending = null;
        item = isThere ? items.Current : default!;
        return isThere;
    }

    public override void Dispose()
    {
        // A source that is waited for cannot be closed before it answers; its token tells it to.
        if (pending is { IsCompleted: false } late) late.ContinueWith(_ => items.DisposeAsync().AsTask(), TaskScheduler.Default);
        else Task.WaitAny([items.DisposeAsync().AsTask()], Patience);
    }
}

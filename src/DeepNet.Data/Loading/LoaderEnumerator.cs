using System.Collections;

namespace DeepNet.Data.Loading;

/// <summary>A pass over a loader. Disposing of it ends its workers; <c>foreach</c> does that.</summary>
internal sealed class LoaderEnumerator(DataLoader loader, Epoch epoch, LoaderState start, CancellationToken cancellation)
    : IEnumerator<Batch>
{
    private BatchQueue? queue;
    private int next = start.Batch;
    private bool isEnded;

    public Batch Current { get; private set; }

    object IEnumerator.Current => Current;

    public bool MoveNext()
    {
        cancellation.ThrowIfCancellationRequested();
        if (isEnded) return false;
        if (next >= epoch.Batches)
        {
            End();
            loader.Moved(new LoaderState(start.Seed, start.Epoch + 1, 0));
            return false;
        }
        try
        {
            Current = Place(Make());
        }
        catch
        {
            End();
            throw;
        }
        next++;
        loader.Moved(new LoaderState(start.Seed, start.Epoch, next));
        return true;
    }

    private Batch Make()
    {
        if (loader.Workers == 0) return epoch.Make(next, cancellation);
        queue ??= new BatchQueue(epoch, next, loader.Workers, loader.Prefetch);
        return queue.Take(cancellation);
    }

    private Batch Place(Batch batch) => loader.Device is { } device ? batch.To(device) : batch;

    private void End()
    {
        isEnded = true;
        Current = default;
        queue?.Dispose();
    }

    public void Dispose() => End();

    public void Reset()
        => throw new NotSupportedException(
            "[data_loader] a pass cannot start again. Begin another foreach, or set the loader's State first.");
}

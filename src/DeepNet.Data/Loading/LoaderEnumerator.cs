using System.Collections;

namespace DeepNet.Data.Loading;

/// <summary>A pass over a loader. Disposing of it ends its workers; <c>foreach</c> does that.</summary>
internal sealed class LoaderEnumerator<TBatch>(
    Loader<TBatch> loader, BatchReader<TBatch> reader, LoaderState start, CancellationToken cancellation) : IEnumerator<TBatch>
{
    private int next = start.Batch;
    private bool isEnded;

    public TBatch Current { get; private set; } = default!;

    object? IEnumerator.Current => Current;

    public bool MoveNext()
    {
        cancellation.ThrowIfCancellationRequested();
        if (isEnded) return false;
        try
        {
            if (next == loader.BatchCount || !reader.TryTake(cancellation, out var batch))
            {
                End();
                loader.Moved(new LoaderState(start.Seed, start.Epoch + 1, 0));
                return false;
            }
            Current = loader.Device is { } device ? BatchTensors.To(batch, device) : batch;
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

    private void End()
    {
        if (isEnded) return;
        isEnded = true;
        Current = default!;
        loader.End(reader, start with { Batch = next });
    }

    public void Dispose() => End();

    public void Reset()
        => throw new NotSupportedException(
            "[data_loader] a pass cannot start again. Begin another foreach, or set the loader's State first.");
}

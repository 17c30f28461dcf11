using System.Collections;

namespace DeepNet.Data.Loading;

/// <summary>A pass over a loader. Disposing of it ends its workers; <c>foreach</c> does that.</summary>
internal sealed class LoaderEnumerator<TBatch>(
    Loader<TBatch> loader, BatchReader<TBatch> reader, LoaderState start, bool keepsEmpty, CancellationToken cancellation)
        : IEnumerator<TBatch>
{
    private readonly LoaderShard shard = loader.Shard;
    private int next = start.Batch * loader.Shard.Count;        // of the parts that come
    private bool isEnded;

    public TBatch Current => Part.Batch;

    /// <summary>Gets the part that was made last.</summary>
    public BatchPart<TBatch> Part { get; private set; }

    object? IEnumerator.Current => Current;

    public bool MoveNext()
    {
        do
        {
            if (!TryAdvance()) return false;
        }
        while (Part.IsEmpty && !keepsEmpty);
        return true;
    }

    private bool TryAdvance()
    {
        cancellation.ThrowIfCancellationRequested();
        if (isEnded) return false;
        try
        {
            if (next / shard.Count == loader.BatchCount || !reader.TryTake(cancellation, out var batch))
            {
                End();
                loader.Moved(new LoaderState(start.Seed, start.Epoch + 1, 0));
                return false;
            }
            int part = shard.First + next % shard.Count;
            int? whole = shard.Of == 1 ? null : loader.SizeOf(next / shard.Count);
            bool isEmpty = whole is { } size && shard.Cut(part, size).Length == 0;
            if (!isEmpty && loader.Device is { } device) batch = BatchTensors.To(batch, device);
            Part = new BatchPart<TBatch>(batch, part, whole, isEmpty);
        }
        catch
        {
            End();
            throw;
        }
        next++;
        loader.Moved(new LoaderState(start.Seed, start.Epoch, next / shard.Count));
        return true;
    }

    private void End()
    {
        if (isEnded) return;
        isEnded = true;
        Part = default;
        loader.End(reader, start with { Batch = next / shard.Count });
    }

    public void Dispose() => End();

    public void Reset()
        => throw new NotSupportedException(
            "[data_loader] a pass cannot start again. Begin another foreach, or set the loader's State first.");
}

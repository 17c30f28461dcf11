namespace DeepNet.Data.Loading;

/// <summary>Batches in order, from workers that make them ahead, or made on the asking thread.</summary>
internal sealed class BatchReader<TBatch>(IBatchMaker<TBatch> maker, int first, int end, int workers, int ahead) : IDisposable
{
    private BatchQueue<TBatch>? queue;
    private int next = first;

    /// <summary>Takes the next batch; false if there is none.</summary>
    public bool TryTake(CancellationToken cancellation, out TBatch batch)
    {
        if (next >= end)
        {
            batch = default!;
            return false;
        }
        if (workers > 0)
        {
            queue ??= new BatchQueue<TBatch>(maker, next, end, workers, ahead);
            if (!queue.TryTake(cancellation, out batch)) return false;
        }
        else if (!maker.TryMake(next, cancellation, out batch))
        {
            return false;
        }
        next++;
        return true;
    }

    public void Dispose()
    {
        queue?.Dispose();
        maker.Dispose();
    }
}

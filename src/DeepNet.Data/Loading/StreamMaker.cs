using DeepNet.Data.Transforms;

namespace DeepNet.Data.Loading;

/// <summary>Makes batches of a stream: workers read from it in turn, and make their batches at the same time.</summary>
internal sealed class StreamMaker<T, TBatch>(
    StreamSource<T> stream, Func<IReadOnlyList<T>, TBatch> collate, StreamPlan plan, ITransform<TBatch>? transform) : IBatchMaker<TBatch>
{
    private readonly StreamCursor<T> cursor = new(stream, plan);
    private readonly object turn = new();
    private int next;
    private bool isOver;

    public bool TryMake(int batch, CancellationToken cancellation, out TBatch made)
    {
        made = default!;
        var at = plan.At(batch);
        if (!TryRead(batch, at, cancellation, out var examples)) return false;
        try
        {
            made = new Augmentation<TBatch>(transform, at).Apply(collate(examples), (long)at.Batch * plan.BatchSize, examples.Count);
            return true;
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            throw;
        }
        catch (Exception e)
        {
            throw new DataLoaderException(at, null, e);
        }
    }

    public void Dispose()
    {
        lock (turn)
        {
            isOver = true;
            Monitor.PulseAll(turn);
        }
        cursor.Dispose();
    }

    private bool TryRead(int batch, LoaderState at, CancellationToken cancellation, out List<T> examples)
    {
        examples = [];
        using var wake = cancellation.Register(Wake);
        lock (turn)
        {
            while (next != batch && !isOver)
            {
                cancellation.ThrowIfCancellationRequested();
                Monitor.Wait(turn);
            }
            if (isOver) return false;
        }
        bool isWhole = false;
        try
        {
            examples = Read(cancellation);
            isWhole = examples.Count == plan.BatchSize;
            if (!isWhole && plan.DropsLast) examples = [];
            if (examples.Count == 0 && plan.Steps is { } steps)
                throw new InvalidOperationException(
                    $"the stream ended after {cursor.Position} examples, and an epoch is to have {steps} batches. Set Repeat to begin the "
                        + "stream again at its end, or a smaller StepsPerEpoch.");
            return examples.Count > 0;
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            throw;
        }
        catch (Exception e)
        {
            throw new DataLoaderException(at, cursor.Position, e);
        }
        finally
        {
            lock (turn)
            {
                next++;
                // After a batch that is not full there is an end, but where an epoch has a number of steps its lack is an error.
                isOver |= examples.Count == 0 || (!isWhole && plan.Steps is null);
                Monitor.PulseAll(turn);
            }
        }
    }

    // Examples must not belong to a memory scope of the asking thread, which ends before the buffer gives them out, and an asynchronous
    // source must not wait for a thread that waits for it: so it is another thread that reads.
    private List<T> Read(CancellationToken cancellation)
    {
        if (!plan.IsOnPool) return cursor.Take(plan.BatchSize, cancellation);
        var reading = Task.Run(() => cursor.Take(plan.BatchSize, cancellation), CancellationToken.None);
        Task.WaitAny([reading], cancellation);
        return reading.GetAwaiter().GetResult();
    }

    private void Wake()
    {
        lock (turn) Monitor.PulseAll(turn);
    }
}

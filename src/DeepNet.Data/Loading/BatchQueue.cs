using System.Runtime.ExceptionServices;

namespace DeepNet.Data.Loading;

/// <summary>
/// Worker threads that make the batches of an epoch ahead of their reader, who gets them in order. A worker takes the next batch that
/// nobody has taken, as long as it lies less than a bounded number ahead.
/// </summary>
/// <remarks>
/// Threads refer to the shared part only, and only the reader to the queue: one that is dropped without <see cref="Dispose"/> is garbage,
/// and its finalizer ends the workers.
/// </remarks>
internal sealed class BatchQueue<TBatch> : IDisposable
{
    // The time that Dispose waits for workers that are in the middle of an example: less than the second in which cancelling must end.
    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(500);

    private readonly Shared shared;
    private readonly Thread[] workers;

    public BatchQueue(IBatchMaker<TBatch> maker, int first, int end, int workers, int ahead)
    {
        shared = new Shared(maker, first, end, Math.Max(ahead, workers));
        this.workers = new Thread[Math.Max(0, Math.Min(workers, end - first))];
        for (int i = 0; i < this.workers.Length; i++)
        {
            this.workers[i] = new Thread(shared.Work) { IsBackground = true, Name = $"DeepNet loader {i}" };
            this.workers[i].Start();
        }
    }

    // Without cancelling: that would run strangers' code on the finalizer's thread. A worker ends after the example it is at.
    ~BatchQueue() => shared?.TryStop();

    /// <summary>The next batch in order, when it is made; false if the data ends before it.</summary>
    public bool TryTake(CancellationToken cancellation, out TBatch batch)
    {
        bool isThere = shared.TryTake(cancellation, out batch);
        GC.KeepAlive(this);                             // else the finalizer might end the workers that this waits for
        return isThere;
    }

    /// <summary>Ends the workers. One that sits in an example which does not watch its token ends itself when that is done.</summary>
    public void Dispose()
    {
        GC.SuppressFinalize(this);
        if (!shared.TryStop()) return;
        shared.Stop.Cancel();
        long until = Environment.TickCount64 + (long)Patience.TotalMilliseconds;
        bool isDone = true;
        foreach (var worker in workers) isDone &= worker.Join((int)Math.Max(0, until - Environment.TickCount64));
        if (isDone) shared.Stop.Dispose();
    }

    private struct Slot
    {
        public bool IsFull, IsEnd;
        public TBatch Batch;
        public ExceptionDispatchInfo? Failure;
    }

    private sealed class Shared
    {
        private readonly IBatchMaker<TBatch> maker;
        private readonly Slot[] slots;
        private readonly CancellationToken stopped;
        private readonly object changed = new();
        private readonly int end;
        private int nextTaken, nextRead;
        private volatile bool isStopped;

        public Shared(IBatchMaker<TBatch> maker, int first, int end, int ahead)
        {
            this.maker = maker;
            this.end = end;
            nextTaken = nextRead = first;
            stopped = Stop.Token;
            slots = new Slot[ahead];
        }

        public CancellationTokenSource Stop { get; } = new();

        public bool TryTake(CancellationToken cancellation, out TBatch batch)
        {
            using var wake = cancellation.Register(Wake);
            lock (changed)
            {
                ref var slot = ref slots[nextRead % slots.Length];
                while (!slot.IsFull)
                {
                    cancellation.ThrowIfCancellationRequested();
                    Monitor.Wait(changed);
                }
                var taken = slot;
                slot = default;
                nextRead++;
                Monitor.PulseAll(changed);
                taken.Failure?.Throw();
                batch = taken.Batch;
                return !taken.IsEnd;
            }
        }

        private void Wake()
        {
            lock (changed) Monitor.PulseAll(changed);
        }

        public void Work()
        {
            Make();
            if (!isStopped) return;
            try
            {
                maker.Dispose();            // nobody else would where the queue was dropped
            }
            catch (Exception)
            {
                // Whoever dropped it does not want to know.
            }
        }

        private void Make()
        {
            while (TryClaim(out int batch))
            {
                Slot slot = default;
                slot.IsFull = true;
                try
                {
                    slot.IsEnd = !maker.TryMake(batch, stopped, out slot.Batch);
                }
                catch (OperationCanceledException) when (stopped.IsCancellationRequested)
                {
                    return;
                }
                catch (Exception e)
                {
                    slot.Failure = ExceptionDispatchInfo.Capture(e);
                }
                lock (changed)
                {
                    slots[batch % slots.Length] = slot;
                    Monitor.PulseAll(changed);
                }
            }
        }

        private bool TryClaim(out int batch)
        {
            lock (changed)
            {
                while (!isStopped && nextTaken < end && nextTaken >= nextRead + slots.Length) Monitor.Wait(changed);
                batch = nextTaken++;
                return !isStopped && batch < end;
            }
        }

        /// <summary>Lets no worker begin another batch; false if that was done before.</summary>
        public bool TryStop()
        {
            lock (changed)
            {
                if (isStopped) return false;
                isStopped = true;
                Monitor.PulseAll(changed);
                return true;
            }
        }
    }
}

using System.Diagnostics;

namespace DeepNet.Hosting.Predicting;

/// <summary>The requests that wait, in order; many threads add, and one takes them by batches.</summary>
internal sealed class RequestQueue<TRow, TOut>(string name, int capacity)
{
    private readonly Lock gate = new();
    private readonly LinkedList<Request<TRow, TOut>> waiting = [];
    private readonly AutoResetEvent changed = new(false);
    private int wanted = 1;             // so many must wait for the taker to be woken: it is not for each that comes
    private bool isWoken;
    private Exception? closed;

    public int Count
    {
        get
        {
            lock (gate) return waiting.Count;
        }
    }

    public bool IsClosed
    {
        get
        {
            lock (gate) return closed is not null;
        }
    }

    /// <exception cref="PredictorBusyException">As many wait as may.</exception>
    public void Add(Request<TRow, TOut> request)
    {
        lock (gate)
        {
            if (closed is not null) throw closed;
            if (waiting.Count >= capacity) throw new PredictorBusyException(name, capacity);
            waiting.AddLast(request.Place);
            if (waiting.Count != wanted) return;
        }
        changed.Set();
    }

    /// <summary>Takes a request out that was not taken yet.</summary>
    /// <returns>False if it is being computed, or has been.</returns>
    public bool Remove(Request<TRow, TOut> request)
    {
        lock (gate)
        {
            if (request.Place.List is null) return false;
            waiting.Remove(request.Place);
            return true;
        }
    }

    /// <summary>Lets the taker return with nothing where none wait, to look after something else.</summary>
    public void Wake()
    {
        lock (gate) isWoken = true;
        changed.Set();
    }

    /// <summary>Refuses further requests with an error; those that wait are still taken, at once.</summary>
    public void Close(Exception reason)
    {
        lock (gate) closed ??= reason;
        changed.Set();
    }

    /// <summary>Takes out all that wait.</summary>
    public List<Request<TRow, TOut>> Empty()
    {
        lock (gate)
        {
            List<Request<TRow, TOut>> all = [.. waiting];
            waiting.Clear();
            return all;
        }
    }

    /// <summary>
    /// Waits for requests, and takes as many as a batch holds: a full batch at once, and fewer when the first of them has waited for the
    /// delay.
    /// </summary>
    /// <param name="batch">Gets the requests; none where the taker was woken.</param>
    /// <param name="most">The size of a full batch.</param>
    /// <param name="delay">The delay.</param>
    /// <returns>False when the queue is closed and empty.</returns>
    public bool Take(List<Request<TRow, TOut>> batch, int most, TimeSpan delay)
    {
        batch.Clear();
        while (true)
        {
            TimeSpan wait;
            lock (gate)
            {
                int count = waiting.Count;
                wait = count == 0 ? Timeout.InfiniteTimeSpan : delay - Stopwatch.GetElapsedTime(waiting.First!.Value.Arrived);
                bool isDue = count >= most || count > 0 && (closed is not null || wait <= TimeSpan.Zero);
                if (isDue || isWoken || count == 0 && closed is not null)
                {
                    isWoken = false;
                    wanted = 1;
                    if (!isDue) return closed is null || count > 0;
                    while (batch.Count < most && waiting.First is { } first)
                    {
                        waiting.RemoveFirst();
                        batch.Add(first.Value);
                    }
                    return true;
                }
                wanted = count == 0 ? 1 : most;
            }
            // Timers count milliseconds.
            changed.WaitOne(wait < TimeSpan.Zero ? wait : TimeSpan.FromMilliseconds(Math.Ceiling(wait.TotalMilliseconds)));
        }
    }
}

using System.Diagnostics;
using DeepNet.Distributed.Transports;

namespace DeepNet.Distributed.Running;

/// <summary>
/// The thread that makes all calls of a transport, one after the other in the order in which they were asked for, while others compute. It
/// watches that none takes longer than it may.
/// </summary>
internal sealed class Messenger : IDisposable
{
    private const int AbortCode = 70;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);        // for an abort that cannot reach the launcher

    private readonly object gate = new();
    private readonly Queue<Work> queue = new();
    private readonly Thread thread;
    private readonly Work opening;
    private Work? current;
    private long since;
    private bool isClosed, isGivenUp;
    private Thread? watch;

    /// <summary>Starts the thread, which opens the transport.</summary>
    public Messenger(Func<ITransport> open)
    {
        ITransport? opened = null;
        opening = new Work("the start", () => opened = open());
        thread = new Thread(Loop) { IsBackground = true, Name = "DeepNet communication" };
        thread.Start();
        try
        {
            opening.Wait();
        }
        catch
        {
            Close();
            throw;
        }
        Transport = opened!;
    }

    public ITransport Transport { get; }

    /// <summary>Gets or sets the time that a collective may take before the run is given up.</summary>
    public TimeSpan Limit
    {
        get;
        set
        {
            ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(value, TimeSpan.Zero);
            field = value;
            lock (gate)
            {
                Monitor.PulseAll(gate);
                if (watch is not null || Transport.Size == 1) return;
                // A thread, since a program may have all of the pool's wait for the very collective.
                watch = new Thread(Watch) { IsBackground = true, Name = "DeepNet watchdog" };
                watch.Start();
            }
        }
    } = TimeSpan.MaxValue;

    /// <summary>Asks for a collective, and does not wait for it.</summary>
    public Work Post(string name, Action action)
    {
        var work = new Work(name, action);
        lock (gate)
        {
            ObjectDisposedException.ThrowIf(isClosed, typeof(World));
            queue.Enqueue(work);
            Monitor.PulseAll(gate);
        }
        return work;
    }

    /// <summary>Ends all ranks.</summary>
    public void Abort(string message)
    {
        if (Transport is not ThreadTransport)
        {
            Console.Error.WriteLine(message);
            Console.Error.Flush();
            // A launcher that cannot be reached any more must not keep the process.
            new Thread(() =>
            {
                Thread.Sleep(Patience);
                Mpi.Libc.Exit(AbortCode);
            })
            { IsBackground = true, Name = "DeepNet abort" }.Start();
        }
        Transport.Abort(AbortCode, message);
    }

    public void Dispose()
    {
        lock (gate)
        {
            if (isClosed) return;
        }
        try
        {
            Post("the end", Transport.Dispose).Wait();
        }
        finally
        {
            Close();
            thread.Join();
            watch?.Join();
        }
    }

    private void Close()
    {
        lock (gate)
        {
            isClosed = true;
            Monitor.PulseAll(gate);
        }
    }

    private void Loop()
    {
        opening.Run();
        while (true)
        {
            Work work;
            lock (gate)
            {
                while (queue.Count == 0 && !isClosed) Monitor.Wait(gate);
                if (queue.Count == 0) return;
                work = queue.Dequeue();
            }
            Volatile.Write(ref since, Stopwatch.GetTimestamp());
            Volatile.Write(ref current, work);
            work.Run();
            Volatile.Write(ref current, null);
            // What fails here and not in a call of the transport is not met by the other ranks, who would wait.
            if (work.Failure is { } failure and not DistributedException && Transport is { Size: > 1 })
                Abort($"[distributed] rank {Transport.Rank} of {Transport.Size} on {Environment.MachineName}: {work.Name} has failed: "
                    + $"{failure}");
        }
    }

    private void Watch()
    {
        while (true)
        {
            lock (gate)
            {
                Monitor.Wait(gate, TimeSpan.FromMilliseconds(Math.Clamp(Limit.TotalMilliseconds / 10, 5, 1000)));
                if (isClosed || isGivenUp) return;
            }
            Look();
        }
    }

    private void Look()
    {
        if (Volatile.Read(ref current) is not { } work || work.IsDone) return;
        var taken = Stopwatch.GetElapsedTime(Volatile.Read(ref since));
        if (taken < Limit || !ReferenceEquals(work, Volatile.Read(ref current))) return;
        isGivenUp = true;
        Abort($"[distributed] rank {Transport.Rank} of {Transport.Size} on {Environment.MachineName}: {work.Name} has not returned for "
            + $"{taken.TotalSeconds:0.#} s. Another rank, or the way to it, is gone. All ranks end; the last checkpoint is what to go on "
            + $"from.");
    }
}

using System.Diagnostics;
using System.Runtime.ExceptionServices;
using System.Runtime.InteropServices;

namespace DeepNet.Devices.Cpu;

/// <summary>
/// A fixed number of threads that run one job at a time. A new size is a new team; the old one retires.
/// </summary>
/// <remarks>
/// All coordination goes through one word, the gate: [ job number : 32 | unused | awaited : 1 | open : 1 | workers inside : 16 ].
/// The caller opens it under a new number, works, closes it, and waits until nobody is inside. A worker enters with a
/// compare-and-swap that succeeds only while the gate is open, so a worker that wakes up late, or not at all because its
/// core is busy elsewhere, is never waited for and never sees a job (which lives on the caller's stack) that has ended.
/// Every wait spins for a short time, then yields for a short time, and then parks: all three are bounded by the clock and not
/// by counts, because on a busy machine one yield may last as long as another process's time slice.
/// </remarks>
internal sealed unsafe class WorkerTeam
{
    private const long Open = 1 << 16;
    private const long Awaited = Open << 1;
    private const long Inside = Open - 1;
    private const int JobShift = 32;

    /// <summary>The time for which a thread spins; about the cost of waking one.</summary>
    private static readonly long SpinTicks = Ticks(microseconds: 40);

    /// <summary>The time after which a worker that has found no job parks.</summary>
    private static readonly long WorkerTicks = Ticks(microseconds: 150);

    /// <summary>The time after which a caller parks that waits for others' last pieces; longer than most of them take.</summary>
    private static readonly long CallerTicks = Ticks(microseconds: 1000);

    /// <summary>The words that several threads write, each on cache lines of its own (pairs of lines are fetched together).</summary>
    [StructLayout(LayoutKind.Explicit, Size = 640)]
    private struct Words
    {
        [FieldOffset(128)] public long Gate;
        [FieldOffset(256)] public long Next;
        [FieldOffset(384)] public int Asleep;
        [FieldOffset(512)] public int Taken;
    }

    private struct Job
    {
        public delegate*<void*, nint, nint, void> Run;
        public void* Body;
        public nint Count, Chunk;
    }

    private readonly object bell = new(), empty = new();
    private int rings;                                  // owed to workers that parked, or are about to; guarded by the bell
    private Words words;
    private Job job;
    private Exception? failure;
    private volatile bool retired;
    private bool started;

    public WorkerTeam(int threads) => Threads = threads;

    /// <summary>The number of threads, that of the caller included.</summary>
    public int Threads { get; }

    /// <summary>Lets all workers end. A job under way is finished, and later ones run on their callers' threads.</summary>
    public void Retire()
    {
        retired = true;
        Interlocked.MemoryBarrier();
        Wake(int.MaxValue);
    }

    /// <summary>Runs the body over [0, count) in pieces of <paramref name="chunk"/> indices, or whole where the team is taken.</summary>
    public void Run<TBody>(nint count, nint chunk, ref TBody body) where TBody : unmanaged, IParallelBody
    {
        if (retired || Interlocked.CompareExchange(ref words.Taken, 1, 0) != 0)
        {
            body.Run(0, count);
            return;
        }

        try
        {
            fixed (TBody* pinned = &body)
            {
                Execute(new Job { Run = &Call<TBody>, Body = pinned, Count = count, Chunk = chunk });
            }
        }
        finally
        {
            Volatile.Write(ref words.Taken, 0);
        }
    }

    private static void Call<TBody>(void* body, nint from, nint to) where TBody : unmanaged, IParallelBody
        => ((TBody*)body)->Run(from, to);

    private void Execute(in Job next)
    {
        if (!started)
            Start();

        job = next;
        words.Next = 0;
        long number = (words.Gate >> JobShift) + 1;
        // A full fence: either a worker about to sleep sees the open gate, or we see that it is asleep.
        Interlocked.Exchange(ref words.Gate, (number << JobShift) | Open);
        if (Volatile.Read(ref words.Asleep) > 0)
            Wake((int)Math.Min((next.Count - 1) / next.Chunk, Threads));

        Claim();

        if ((Interlocked.Add(ref words.Gate, -Open) & Inside) != 0)
            AwaitEmpty();
        if (failure is not null)
            Rethrow();
    }

    /// <summary>Takes piece after piece until none is left. Never throws: an exception is noted and ends the job early.</summary>
    private void Claim()
    {
        nint count = job.Count, chunk = job.Chunk;
        try
        {
            while (true)
            {
                nint to = (nint)Interlocked.Add(ref words.Next, chunk), from = to - chunk;
                if (from >= count)
                    return;
                job.Run(job.Body, from, Math.Min(to, count));
            }
        }
        catch (Exception e)
        {
            Interlocked.CompareExchange(ref failure, e, null);
            Interlocked.Exchange(ref words.Next, count);
        }
    }

    private void AwaitEmpty()
    {
        long start = Stopwatch.GetTimestamp();
        while (IsAnyoneInside)
        {
            if (Pause(start, CallerTicks))
                continue;
            lock (empty)
            {
                Interlocked.Or(ref words.Gate, Awaited);
                while (IsAnyoneInside)
                    Monitor.Wait(empty);
            }
        }
    }

    private bool IsAnyoneInside => (Volatile.Read(ref words.Gate) & Inside) != 0;

    private void Leave()
    {
        if ((Interlocked.Decrement(ref words.Gate) & (Awaited | Inside)) != Awaited)
            return;
        lock (empty)
            Monitor.Pulse(empty);
    }

    /// <summary>Spins or yields for a moment; false if the wait has lasted too long for either.</summary>
    private static bool Pause(long start, long limit)
    {
        long waited = Stopwatch.GetTimestamp() - start;
        if (waited >= limit)
            return false;
        if (waited < SpinTicks)
            Thread.SpinWait(1);
        else
            Thread.Yield();
        return true;
    }

    private static long Ticks(long microseconds) => Stopwatch.Frequency * microseconds / 1_000_000;

    private void Rethrow()
    {
        Exception first = failure!;
        failure = null;
        ExceptionDispatchInfo.Throw(first);
    }

    private void Start()
    {
        started = true;
        for (int i = 1; i < Threads; i++)
            new Thread(Work) { IsBackground = true, Name = $"DeepNet worker {i}" }.UnsafeStart();
    }

    private void Work()
    {
        long seen = 0;
        while (AwaitJob(seen) is var gate and not 0)
        {
            // Lost races (another worker entered at the same moment, or the job ended) are sorted out by looking again.
            if (Interlocked.CompareExchange(ref words.Gate, gate + 1, gate) != gate)
                continue;
            seen = gate >> JobShift;
            Claim();
            Leave();
        }
    }

    /// <summary>Waits for an open gate with another number than <paramref name="seen"/>; 0 when the team retires.</summary>
    private long AwaitJob(long seen)
    {
        // More threads than processors: a spinning worker would only keep another one from working.
        long limit = Threads <= Environment.ProcessorCount ? WorkerTicks : 0;
        long start = Stopwatch.GetTimestamp();
        while (!retired)
        {
            if (IsNew(seen, out long gate))
                return gate;
            if (Pause(start, limit))
                continue;
            Sleep(seen);
            start = Stopwatch.GetTimestamp();
        }

        return 0;
    }

    [MethodImpl(AggressiveInlining)]
    private bool IsNew(long seen, out long gate)
    {
        gate = Volatile.Read(ref words.Gate);
        return (gate & Open) != 0 && gate >> JobShift != seen;
    }

    private void Sleep(long seen)
    {
        Interlocked.Increment(ref words.Asleep);
        // Too late to sleep? Then take the announcement back, unless a ring of the bell is already on its way to us.
        if ((retired || IsNew(seen, out _)) && TakeSleepers(1) == 1)
            return;
        lock (bell)
        {
            while (rings == 0)
                Monitor.Wait(bell);
            rings--;
        }
    }

    private void Wake(int wanted)
    {
        int sleepers = TakeSleepers(wanted);
        if (sleepers == 0)
            return;
        lock (bell)
        {
            rings += sleepers;
            for (int i = 0; i < sleepers; i++)
                Monitor.Pulse(bell);
        }
    }

    /// <summary>Takes up to <paramref name="wanted"/> sleepers off the list; each one taken is owed one ring of the bell.</summary>
    private int TakeSleepers(int wanted)
    {
        while (true)
        {
            int asleep = Volatile.Read(ref words.Asleep), taken = Math.Min(asleep, wanted);
            if (taken == 0 || Interlocked.CompareExchange(ref words.Asleep, asleep - taken, asleep) == asleep)
                return taken;
        }
    }
}

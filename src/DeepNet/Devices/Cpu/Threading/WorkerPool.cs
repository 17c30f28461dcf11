using System.Globalization;

namespace DeepNet.Devices.Cpu;

/// <summary>
/// Fork-join parallelism for kernels: a call shares its work between the calling thread and the workers of one team, and
/// returns when all of it is done. Costs a few hundred nanoseconds while the workers are warm and nothing while idle.
/// </summary>
/// <remarks>
/// May be called from any thread. One call at a time gets the team; a call that finds it taken (from another thread, or
/// nested in a body) runs on its own thread at once, so nothing ever blocks or deadlocks, and a host with many request
/// threads is not oversubscribed. The first exception of a body reaches the caller after all other threads have left it.
/// </remarks>
internal static class WorkerPool
{
    /// <summary>Names the environment variable that sets the initial number of threads.</summary>
    internal const string ThreadsVariable = "DEEPNET_THREADS";

    private const int MaxThreads = 1024;
    private const int ChunksPerThread = 4;

    private static WorkerTeam team = new(DefaultThreads());

    /// <summary>
    /// How many threads work on one call, the caller included; 1 means no workers. Starts as the number of processors the
    /// process may use, or as DEEPNET_THREADS says. Setting it is safe at any time, even inside a body: a call under way
    /// is finished with the threads it has.
    /// </summary>
    public static int Threads
    {
        get => Volatile.Read(ref team).Threads;
        set
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, 1);
            ArgumentOutOfRangeException.ThrowIfGreaterThan(value, MaxThreads);
            if (value != Threads)
                Interlocked.Exchange(ref team, new WorkerTeam(value)).Retire();
        }
    }

    /// <summary>
    /// Runs <paramref name="body"/> over [0, <paramref name="count"/>). All cuts are at multiples of <paramref name="grain"/>,
    /// the least amount of work worth a thread; with no more than one grain, or one thread, it is a plain call.
    /// </summary>
    public static void For<TBody>(nint count, nint grain, ref TBody body) where TBody : unmanaged, IParallelBody
    {
        if (count <= 0)
            return;
        WorkerTeam current = Volatile.Read(ref team);
        if (count <= grain || current.Threads == 1)
        {
            body.Run(0, count);
            return;
        }

        // A few chunks a thread: enough that a thread whose core is taken away delays the rest by a fraction of its
        // share only, few enough that claiming them costs nothing.
        grain = Math.Max(grain, 1);
        nint grains = (count - 1) / grain + 1;
        nint chunks = Math.Min(grains, current.Threads * ChunksPerThread);
        current.Run(count, ((grains - 1) / chunks + 1) * grain, ref body);
    }

    /// <summary>
    /// As <see cref="For{TBody}(nint, nint, ref TBody)"/>, and keeps the tensors whose addresses the body holds alive until it is done.
    /// </summary>
    public static void For<TBody>(nint count, nint grain, ref TBody body, params ReadOnlySpan<Tensor?> operands)
        where TBody : unmanaged, IParallelBody
    {
        For(count, grain, ref body);
        Tensor.KeepAlive(operands);
    }

    /// <summary>
    /// Runs <paramref name="body"/> for each index below <paramref name="count"/> alone: few, large tasks of uneven length.
    /// </summary>
    public static void ForEach<TBody>(nint count, ref TBody body) where TBody : unmanaged, IParallelBody
    {
        if (count <= 0)
            return;
        WorkerTeam current = Volatile.Read(ref team);
        if (count == 1 || current.Threads == 1)
            body.Run(0, count);
        else
            current.Run(count, 1, ref body);
    }

    private static int DefaultThreads()
    {
        string? wanted = Environment.GetEnvironmentVariable(ThreadsVariable);
        return int.TryParse(wanted, NumberStyles.None, CultureInfo.InvariantCulture, out int n) && n is >= 1 and <= MaxThreads
            ? n
            : Environment.ProcessorCount;
    }
}

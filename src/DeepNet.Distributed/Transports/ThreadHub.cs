namespace DeepNet.Distributed.Transports;

/// <summary>Shared state of the ranks of a world of threads: the data of each, and a barrier that can be broken.</summary>
internal sealed class ThreadHub(int size)
{
    private readonly object gate = new();
    private int waiting;
    private long round;
    private string? broken;

    public int Size => size;

    /// <summary>Gets the addresses that the ranks gave for the collective that is going on.</summary>
    public nint[] Data { get; } = new nint[size];

    /// <summary>Waits for all ranks.</summary>
    /// <exception cref="DistributedException">A rank has ended the world.</exception>
    public void Meet()
    {
        lock (gate)
        {
            if (broken is not null) throw new DistributedException(broken);
            long mine = round;
            if (++waiting == size)
            {
                waiting = 0;
                round++;
                Monitor.PulseAll(gate);
                return;
            }
            while (round == mine && broken is null) Monitor.Wait(gate);
            if (round == mine) throw new DistributedException(broken!);
        }
    }

    /// <summary>Ends the waiting of all ranks, now and from now on.</summary>
    public void Break(string message)
    {
        lock (gate)
        {
            broken ??= message;
            Monitor.PulseAll(gate);
        }
    }
}

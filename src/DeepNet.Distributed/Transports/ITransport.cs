namespace DeepNet.Distributed.Transports;

/// <summary>
/// Represents what carries data between ranks: collectives over memory of the host, called by one thread at a time and by all ranks in the
/// same order.
/// </summary>
internal interface ITransport : IDisposable
{
    /// <summary>Gets the name and version of the library.</summary>
    string Name { get; }

    int Rank { get; }

    int Size { get; }

    /// <summary>Returns when all ranks have called it.</summary>
    void Barrier();

    /// <summary>Copies the bytes of one rank to all others.</summary>
    void Broadcast(nint data, long bytes, int root);

    /// <summary>Reduces elements over all ranks, in place.</summary>
    void AllReduce(nint data, long count, DType type, Reduction reduction);

    /// <summary>Puts the bytes of each rank side by side, in the order of the ranks.</summary>
    /// <param name="part">What this rank gives; it may lie at its place in <paramref name="all"/>.</param>
    /// <param name="all">Where all of it goes.</param>
    /// <param name="bytes">The size of a part.</param>
    void AllGather(nint part, nint all, long bytes);

    /// <summary>Sends part j of <paramref name="from"/> to rank j, and puts what rank j sends at part j of <paramref name="to"/>.</summary>
    void AllToAll(nint from, nint to, long bytes);

    /// <summary>Ends all ranks; called by any thread, also while another one is in a collective.</summary>
    void Abort(int code, string message);
}

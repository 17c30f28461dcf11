namespace DeepNet.Distributed.Transports;

/// <summary>A rank that is a thread of this process: for tests of what happens between ranks, without a launcher.</summary>
internal sealed unsafe class ThreadTransport(ThreadHub hub, int rank) : ITransport
{
    public string Name => "threads of one process";

    public int Rank => rank;

    public int Size => hub.Size;

    public void Barrier() => hub.Meet();

    public void Broadcast(nint data, long bytes, int root)
        => Exchange(data, () =>
        {
            if (rank != root) Copy(hub.Data[root], data, bytes);
        });

    public void AllReduce(nint data, long count, DType type, Reduction reduction)
        => Exchange(data, () =>
        {
            // Each rank reduces a slice of its own, which nobody else touches, and hands it out.
            long first = count * rank / Size, length = count * (rank + 1) / Size - first;
            nint Slice(int r) => (nint)(hub.Data[r] + first * type.Size());
            for (int step = 1; step < Size; step *= 2)
                for (int i = 0; i + step < Size; i += 2 * step) Combine.Into(Slice(i), Slice(i + step), length, type, reduction);
            for (int r = 1; r < Size; r++) Copy(Slice(0), Slice(r), length * type.Size());
        });

    public void AllGather(nint part, nint all, long bytes)
        => Exchange(part, () =>
        {
            for (int r = 0; r < Size; r++) Copy(hub.Data[r], (nint)(all + r * bytes), bytes);
        });

    public void AllToAll(nint from, nint to, long bytes)
        => Exchange(from, () =>
        {
            for (int r = 0; r < Size; r++) Copy((nint)(hub.Data[r] + rank * bytes), (nint)(to + r * bytes), bytes);
        });

    public void Abort(int code, string message) => hub.Break(message);

    public void Dispose() { }

    private void Exchange(nint data, Action body)
    {
        hub.Data[rank] = data;
        hub.Meet();
        body();
        hub.Meet();
    }

    private static void Copy(nint from, nint to, long bytes)
    {
        if (from != to) Buffer.MemoryCopy((void*)from, (void*)to, bytes, bytes);
    }
}

using DeepNet.Distributed.Transports;

namespace DeepNet.Distributed.Mpi;

/// <summary>Ranks that are processes, on one host or many, which a launcher of MPI started.</summary>
internal sealed class MpiTransport : ITransport
{
    private const int Piece = 1 << 30;                  // elements or bytes of one call, whose counts are 32-bit
    private readonly MpiLibrary library;

    public MpiTransport(Launcher launcher)
    {
        // UCX would take the signal by which .NET learns of a null reference.
        Libc.SetVariable("UCX_ERROR_SIGNALS", "");
        library = MpiLibrary.Load(launcher);
        library.Initialize();
        (Name, Rank, Size) = (library.Version, library.Rank, library.Size);
        if (launcher.Ranks > 1 && Size == 1)
            throw new DistributedException(
                $"[distributed] {launcher.Name} started {launcher.Ranks} processes, and {Name} ({library.Path}) sees one alone: launcher "
                    + $"and "
                + "library are of different MPIs. Start with the mpirun of the library's own, or set DEEPNET_MPI to the path of the "
                + "other library.");
    }

    public string Name { get; }

    public int Rank { get; }

    public int Size { get; }

    public void Barrier() => library.Barrier();

    public void Broadcast(nint data, long bytes, int root)
    {
        for (long at = 0; at < bytes; at += Piece) library.Broadcast((nint)(data + at), (int)Math.Min(Piece, bytes - at), root);
    }

    public void AllReduce(nint data, long count, DType type, Reduction reduction)
    {
        int piece = Piece / type.Size();
        for (long at = 0; at < count; at += piece)
            library.AllReduce((nint)(data + at * type.Size()), (int)Math.Min(piece, count - at), type, reduction);
    }

    public void AllGather(nint part, nint all, long bytes)
    {
        CheckPart(bytes);
        bool isInPlace = part == (nint)(all + Rank * bytes);
        library.AllGather(isInPlace ? null : part, all, (int)bytes);
    }

    public void AllToAll(nint from, nint to, long bytes)
    {
        CheckPart(bytes);
        library.AllToAll(from, to, (int)bytes);
    }

    public void Abort(int code, string message) => library.Abort(code);

    public void Dispose() => library.Terminate();

    private static void CheckPart(long bytes)
    {
        if (bytes > Piece)
            throw new ArgumentException(
                $"[distributed] a part of {bytes} bytes a rank is more than the {Piece} that one call of MPI takes. "
                + "Send it in pieces along its first axis.");
    }
}

using System.Runtime.InteropServices;

namespace DeepNet.Distributed.Mpi;

/// <summary>The functions of an installed MPI, found at run time.</summary>
/// <remarks>
/// No status and no array of requests is ever passed: their layouts are what implementations differ in. Counts are C's int, so that large
/// collectives go in pieces.
/// </remarks>
internal sealed unsafe class MpiLibrary
{
    private const string PathVariable = "DEEPNET_MPI";
    private const int LongestText = 8192;               // of what MPI writes about itself or an error

    private readonly delegate* unmanaged[Cdecl]<int*, byte***, int, int*, int> init;
    private readonly delegate* unmanaged[Cdecl]<int> finalize;
    private readonly delegate* unmanaged[Cdecl]<nint, int*, int> rank, size;
    private readonly delegate* unmanaged[Cdecl]<nint, int> barrier;
    private readonly delegate* unmanaged[Cdecl]<nint, int, nint, int, nint, int> broadcast;
    private readonly delegate* unmanaged[Cdecl]<nint, nint, int, nint, nint, nint, int> allReduce;
    private readonly delegate* unmanaged[Cdecl]<nint, int, nint, nint, int, nint, nint, int> allGather, allToAll;
    private readonly delegate* unmanaged[Cdecl]<nint, nint, int> setErrorHandler;
    private readonly delegate* unmanaged[Cdecl]<nint, int, int> abort;
    private readonly delegate* unmanaged[Cdecl]<int, byte*, int*, int> errorText;
    private readonly delegate* unmanaged[Cdecl]<byte*, int*, int> version;

    private readonly MpiHandles handles;

    private MpiLibrary(nint library, string path)
    {
        Path = path;
        handles = MpiHandles.Of(library, path);
        nint Function(string name) => NativeLibrary.GetExport(library, "MPI_" + name);
        init = (delegate* unmanaged[Cdecl]<int*, byte***, int, int*, int>)Function("Init_thread");
        finalize = (delegate* unmanaged[Cdecl]<int>)Function("Finalize");
        rank = (delegate* unmanaged[Cdecl]<nint, int*, int>)Function("Comm_rank");
        size = (delegate* unmanaged[Cdecl]<nint, int*, int>)Function("Comm_size");
        barrier = (delegate* unmanaged[Cdecl]<nint, int>)Function("Barrier");
        broadcast = (delegate* unmanaged[Cdecl]<nint, int, nint, int, nint, int>)Function("Bcast");
        allReduce = (delegate* unmanaged[Cdecl]<nint, nint, int, nint, nint, nint, int>)Function("Allreduce");
        allGather = (delegate* unmanaged[Cdecl]<nint, int, nint, nint, int, nint, nint, int>)Function("Allgather");
        allToAll = (delegate* unmanaged[Cdecl]<nint, int, nint, nint, int, nint, nint, int>)Function("Alltoall");
        setErrorHandler = (delegate* unmanaged[Cdecl]<nint, nint, int>)Function("Comm_set_errhandler");
        abort = (delegate* unmanaged[Cdecl]<nint, int, int>)Function("Abort");
        errorText = (delegate* unmanaged[Cdecl]<int, byte*, int*, int>)Function("Error_string");
        version = (delegate* unmanaged[Cdecl]<byte*, int*, int>)Function("Get_library_version");
    }

    /// <summary>Gets the name that the library was found under.</summary>
    public string Path { get; }

    /// <summary>Gets what the library says of itself, in its first line.</summary>
    public string Version
    {
        get
        {
            byte* text = stackalloc byte[LongestText];
            int length;
            if (version(text, &length) != 0) return Path;
            string line = Marshal.PtrToStringUTF8((nint)text)!.Split('\n', ',')[0];
            return string.Join(' ', line.Split((char[])[' ', '\t', ':'], StringSplitOptions.RemoveEmptyEntries));
        }
    }

    public int Rank
    {
        get
        {
            int number;
            Check(rank(handles.World, &number), "MPI_Comm_rank");
            return number;
        }
    }

    public int Size
    {
        get
        {
            int number;
            Check(size(handles.World, &number), "MPI_Comm_size");
            return number;
        }
    }

    /// <summary>Loads the library that fits the launcher.</summary>
    /// <exception cref="DistributedException">There is none.</exception>
    public static MpiLibrary Load(Launcher launcher)
    {
        string? chosen = Environment.GetEnvironmentVariable(PathVariable);
        string[] names = string.IsNullOrEmpty(chosen) ? Names(launcher) : [chosen];
        foreach (string name in names)
            if (NativeLibrary.TryLoad(name, out nint library) && NativeLibrary.TryGetExport(library, "MPI_Init_thread", out _))
                return new MpiLibrary(library, name);
        string package = launcher.IsOpenMpi
            ? "Open MPI (Debian and Ubuntu: apt-get install libopenmpi3 or libopenmpi40; Fedora: dnf install openmpi)"
            : "MPICH (Debian and Ubuntu: apt-get install libmpich12; Fedora: dnf install mpich)";
        throw new DistributedException(
            $"[distributed] this process was started by {launcher.Name}, and no MPI library could be loaded: {string.Join(", ", names)}. "
            + $"Install {package}, or set {PathVariable} to the path of the library.");
    }

    /// <summary>Joins the other processes. All calls after this one come from its thread.</summary>
    public void Initialize()
    {
        int provided;
        Check(init(null, null, handles.Serialized, &provided), "MPI_Init_thread");
        Check(setErrorHandler(handles.World, handles.ErrorsReturn), "MPI_Comm_set_errhandler");
    }

    public void Terminate() => Check(finalize(), "MPI_Finalize");

    public void Barrier() => Check(barrier(handles.World), "MPI_Barrier");

    public void Broadcast(nint data, int bytes, int root)
        => Check(broadcast(data, bytes, handles.Byte, root, handles.World), "MPI_Bcast");

    public void AllReduce(nint data, int count, DType type, Reduction reduction)
        => Check(allReduce(handles.InPlace, data, count, handles.Type(type), handles.Operation(reduction), handles.World), "MPI_Allreduce");

    /// <summary>Gathers the parts of all ranks; a part that lies at its place already is named by null.</summary>
    public void AllGather(nint? part, nint all, int bytes)
        => Check(allGather(part ?? handles.InPlace, bytes, handles.Byte, all, bytes, handles.Byte, handles.World), "MPI_Allgather");

    public void AllToAll(nint from, nint to, int bytes)
        => Check(allToAll(from, bytes, handles.Byte, to, bytes, handles.Byte, handles.World), "MPI_Alltoall");

    public void Abort(int code) => _ = abort(handles.World, code);

    private void Check(int code, string what)
    {
        if (code == 0) return;
        byte* text = stackalloc byte[LongestText];
        int length;
        string says = errorText(code, text, &length) == 0 ? Marshal.PtrToStringUTF8((nint)text, length) : $"error {code}";
        throw new DistributedException($"[distributed] {what} failed: {says}.");
    }

    private static string[] Names(Launcher launcher)
    {
        if (OperatingSystem.IsWindows()) return ["msmpi.dll"];
        if (OperatingSystem.IsMacOS())
            return launcher.IsOpenMpi ? ["libmpi.40.dylib", "libmpi_abi.0.dylib"]
                : ["libmpi.12.dylib", "libmpich.12.dylib", "libmpi_abi.0.dylib"];
        return launcher.IsOpenMpi ? ["libmpi.so.40", "libmpi_abi.so.0", "libmpi.so"]
            : ["libmpi.so.12", "libmpich.so.12", "libmpi_abi.so.0"];
    }
}

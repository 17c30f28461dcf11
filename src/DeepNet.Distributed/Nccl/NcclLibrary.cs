using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace DeepNet.Distributed.Nccl;

/// <summary>The functions of NVIDIA's NCCL, found at run time.</summary>
internal sealed unsafe class NcclLibrary
{
    private const string FileName = "libnccl.so.2";
    private static readonly Lazy<NcclLibrary?> Found = new(() => NativeLibrary.TryLoad(FileName, out nint library) ? new(library) : null);

    private readonly delegate* unmanaged[Cdecl]<int*, int> getVersion;
    private readonly delegate* unmanaged[Cdecl]<NcclId*, int> getUniqueId;
    private readonly delegate* unmanaged[Cdecl]<nint*, int, NcclId, int, int> initRank;
    private readonly delegate* unmanaged[Cdecl]<nint, int> destroy;
    private readonly delegate* unmanaged[Cdecl]<nint, int*, int> asyncError;
    private readonly delegate* unmanaged[Cdecl]<nint, nint, nuint, int, int, nint, nint, int> allReduce;
    private readonly delegate* unmanaged[Cdecl]<nint, nint, nuint, int, nint, nint, int> allGather;
    private readonly delegate* unmanaged[Cdecl]<nint, nuint, int, int, nint, nint, int> send, receive;
    private readonly delegate* unmanaged[Cdecl]<int> groupStart, groupEnd;
    private readonly delegate* unmanaged[Cdecl]<int, byte*> errorText;

    private NcclLibrary(nint library)
    {
        nint Function(string name) => NativeLibrary.GetExport(library, "nccl" + name);
        getVersion = (delegate* unmanaged[Cdecl]<int*, int>)Function("GetVersion");
        getUniqueId = (delegate* unmanaged[Cdecl]<NcclId*, int>)Function("GetUniqueId");
        initRank = (delegate* unmanaged[Cdecl]<nint*, int, NcclId, int, int>)Function("CommInitRank");
        destroy = (delegate* unmanaged[Cdecl]<nint, int>)Function("CommDestroy");
        asyncError = (delegate* unmanaged[Cdecl]<nint, int*, int>)Function("CommGetAsyncError");
        allReduce = (delegate* unmanaged[Cdecl]<nint, nint, nuint, int, int, nint, nint, int>)Function("AllReduce");
        allGather = (delegate* unmanaged[Cdecl]<nint, nint, nuint, int, nint, nint, int>)Function("AllGather");
        send = (delegate* unmanaged[Cdecl]<nint, nuint, int, int, nint, nint, int>)Function("Send");
        receive = (delegate* unmanaged[Cdecl]<nint, nuint, int, int, nint, nint, int>)Function("Recv");
        groupStart = (delegate* unmanaged[Cdecl]<int>)Function("GroupStart");
        groupEnd = (delegate* unmanaged[Cdecl]<int>)Function("GroupEnd");
        errorText = (delegate* unmanaged[Cdecl]<int, byte*>)Function("GetErrorString");
    }

    /// <summary>Gets the reason for which the library cannot be used; null if it is there.</summary>
    public static string? Missing => Found.Value is not null ? null
        : $"{FileName} could not be loaded. Install NCCL (with NVIDIA's package repository: apt-get install libnccl2, or dnf install "
        + "libnccl), or set DataParallel.ThroughHost, with which gradients of GPUs travel through memory of the host";

    /// <summary>Gets the library.</summary>
    public static NcclLibrary Loaded => Found.Value ?? throw new DistributedException($"[data_parallel] {Missing}.");

    /// <summary>Gets the version of the library, such as 2.21.5.</summary>
    public string Version
    {
        get
        {
            int number;
            Check(getVersion(&number), "ncclGetVersion");
            return $"{number / 10000}.{number / 100 % 100}.{number % 100}";
        }
    }

    public NcclId NewId()
    {
        NcclId id;
        Check(getUniqueId(&id), "ncclGetUniqueId");
        return id;
    }

    /// <summary>Joins the ranks that have the same id, on the device that is current.</summary>
    public nint Join(int ranks, NcclId id, int rank)
    {
        nint communicator;
        Check(initRank(&communicator, ranks, id, rank), "ncclCommInitRank");
        return communicator;
    }

    public void Leave(nint communicator) => Check(destroy(communicator), "ncclCommDestroy");

    /// <summary>Throws what went wrong on the device since a call returned.</summary>
    public void CheckLater(nint communicator)
    {
        int code;
        Check(asyncError(communicator, &code), "ncclCommGetAsyncError");
        Check(code, "a collective");
    }

    public void AllReduce(nint data, long count, DType type, nint communicator, nint stream)
        => Check(allReduce(data, data, (nuint)count, Type(type), 0, communicator, stream), "ncclAllReduce");

    public void AllGather(nint part, nint all, long count, DType type, nint communicator, nint stream)
        => Check(allGather(part, all, (nuint)count, Type(type), communicator, stream), "ncclAllGather");

    /// <summary>Sends part j to rank j, and puts what rank j sends at part j.</summary>
    public void AllToAll(nint from, nint to, long count, DType type, int ranks, nint communicator, nint stream)
    {
        long bytes = count * type.Size();
        Check(groupStart(), "ncclGroupStart");
        for (int rank = 0; rank < ranks; rank++)
        {
            Check(send((nint)(from + rank * bytes), (nuint)count, Type(type), rank, communicator, stream), "ncclSend");
            Check(receive((nint)(to + rank * bytes), (nuint)count, Type(type), rank, communicator, stream), "ncclRecv");
        }
        Check(groupEnd(), "ncclGroupEnd");
    }

    private void Check(int code, string what)
    {
        if (code != 0)
            throw new DistributedException(
                $"[data_parallel] {what} failed: {Marshal.PtrToStringUTF8((nint)errorText(code))}. NCCL says more with NCCL_DEBUG=INFO in "
                + "the environment.");
    }

    /// <summary>ncclDataType_t of nccl.h.</summary>
    private static int Type(DType type) => type switch
    {
        DType.Float16 => 6,
        DType.Float32 => 7,
        DType.Float64 => 8,
        DType.BFloat16 => 9,
        _ => throw new ArgumentOutOfRangeException(nameof(type), type, "Not a type of gradients."),
    };
}

/// <summary>The id by which ranks find each other, which one of them makes.</summary>
[InlineArray(128)]
internal struct NcclId
{
    private byte first;

    public static NcclId Parse(string text)
    {
        NcclId id = default;
        Convert.FromHexString(text).CopyTo((Span<byte>)id);
        return id;
    }

    public override readonly string ToString() => Convert.ToHexString((ReadOnlySpan<byte>)this);
}

using System.Runtime.InteropServices;

namespace DeepNet.Distributed.Mpi;

/// <summary>
/// The handles and constants of an implementation. Every handle is passed as a word: an address, or a number without a sign.
/// </summary>
internal sealed record MpiHandles(
    MpiFlavour Flavour, nint World, nint Byte, nint Int32, nint Int64, nint Float32, nint Float64, nint Sum, nint Max, nint Min,
    nint ErrorsReturn, nint InPlace, int Serialized)
{
    private static readonly MpiHandles Mpich = new(MpiFlavour.Mpich, 0x44000000, 0x4c00010d, 0x4c000439, 0x4c00083a, 0x4c00040a, 0x4c00080b,
        0x58000003, 0x58000001, 0x58000002, 0x54000001, -1, 2);

    private static readonly MpiHandles Abi =
        new(MpiFlavour.Abi, 0x101, 0x247, 0x250, 0x258, 0x210, 0x214, 0x21, 0x23, 0x22, 0x143, 1, 2048);

    /// <summary>Finds out which implementation a library is of.</summary>
    public static MpiHandles Of(nint library, string name)
    {
        if (NativeLibrary.TryGetExport(library, "ompi_mpi_comm_world", out nint world))
        {
            nint At(string name) => NativeLibrary.GetExport(library, "ompi_mpi_" + name);
            return new(MpiFlavour.OpenMpi, world, At("byte"), At("int32_t"), At("int64_t"), At("float"), At("double"), At("op_sum"),
                At("op_max"), At("op_min"), At("errors_return"), 1, 2);
        }
        // MPICH's own library has the functions of the common interface too, with its own handles: the name tells them apart.
        return Path.GetFileName(name).Contains("mpi_abi", StringComparison.Ordinal) ? Abi : Mpich;
    }

    public nint Type(DType type) => type switch
    {
        DType.Float32 => Float32,
        DType.Float64 => Float64,
        DType.Int32 => Int32,
        DType.Int64 => Int64,
        _ => Byte,
    };

    public nint Operation(Reduction reduction) => reduction switch
    {
        Reduction.Sum => Sum,
        Reduction.Max => Max,
        _ => Min,
    };
}

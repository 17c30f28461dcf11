using System.Runtime.InteropServices;

namespace DeepNet.IO;

/// <summary>
/// The element types of the format and what they become here. Integers of 16 bits and unsigned ones of 32 are widened to those there are.
/// </summary>
internal static class SafeTensorsTypes
{
    public const string Known = "F64, F32, F16, BF16, I64, I32, I16, I8, U32, U16, U8, BOOL";

    public delegate void Widening(ReadOnlySpan<byte> from, Span<byte> to);

    /// <param name="DType">The type here.</param>
    /// <param name="Bytes">The size of an element in the file.</param>
    /// <param name="Widen">Makes elements of here from those of the file; null where they are the same.</param>
    public readonly record struct StoredType(DType DType, int Bytes, Widening? Widen);

    public static string NameOf(DType dtype) => dtype switch
    {
        DType.Bool => "BOOL",
        DType.UInt8 => "U8",
        DType.Int8 => "I8",
        DType.Int32 => "I32",
        DType.Int64 => "I64",
        DType.Float16 => "F16",
        DType.BFloat16 => "BF16",
        DType.Float32 => "F32",
        _ => "F64",
    };

    public static bool TryGet(string name, out StoredType type)
    {
        type = name switch
        {
            "BOOL" => new(DType.Bool, 1, ToBool),
            "U8" => new(DType.UInt8, 1, null),
            "I8" => new(DType.Int8, 1, null),
            "U16" => new(DType.Int32, 2, Widen<ushort, int>),
            "I16" => new(DType.Int32, 2, Widen<short, int>),
            "U32" => new(DType.Int64, 4, Widen<uint, long>),
            "I32" => new(DType.Int32, 4, null),
            "I64" => new(DType.Int64, 8, null),
            "F16" => new(DType.Float16, 2, null),
            "BF16" => new(DType.BFloat16, 2, null),
            "F32" => new(DType.Float32, 4, null),
            "F64" => new(DType.Float64, 8, null),
            _ => default,
        };
        return type.Bytes > 0;
    }

    private static void Widen<TFrom, TTo>(ReadOnlySpan<byte> from, Span<byte> to)
        where TFrom : unmanaged, System.Numerics.IBinaryInteger<TFrom>
        where TTo : unmanaged, System.Numerics.IBinaryInteger<TTo>
        => System.Numerics.Tensors.TensorPrimitives.ConvertTruncating(
            MemoryMarshal.Cast<byte, TFrom>(from), MemoryMarshal.Cast<byte, TTo>(to));

    // Anything but 0 counts as true elsewhere; here a bool is 0 or 1.
    private static void ToBool(ReadOnlySpan<byte> from, Span<byte> to)
    {
        for (int i = 0; i < from.Length; i++) to[i] = from[i] != 0 ? (byte)1 : (byte)0;
    }
}

using System.Numerics;
using System.Runtime.InteropServices;

namespace DeepNet.Onnx;

/// <summary>The element types of the format, by their numbers.</summary>
internal enum ElementType
{
    Undefined = 0,
    Float = 1,
    UInt8 = 2,
    Int8 = 3,
    UInt16 = 4,
    Int16 = 5,
    Int32 = 6,
    Int64 = 7,
    Text = 8,
    Bool = 9,
    Float16 = 10,
    Double = 11,
    UInt32 = 12,
    UInt64 = 13,
    BFloat16 = 16,
}

/// <summary>
/// The element types of the format and what they become here. Integers of 16 bits and unsigned ones of 32 and 64 are widened to those there
/// are.
/// </summary>
internal static class ElementTypes
{
    /// <summary>Gets the type that elements have here, and their size in a file; false for texts, complex numbers and types of 8 bits with
    /// a fraction.</summary>
    public static bool TryGet(ElementType type, out DType dtype, out int bytes)
    {
        (dtype, bytes) = type switch
        {
            ElementType.Bool => (DType.Bool, 1),
            ElementType.UInt8 => (DType.UInt8, 1),
            ElementType.Int8 => (DType.Int8, 1),
            ElementType.UInt16 or ElementType.Int16 => (DType.Int32, 2),
            ElementType.Int32 => (DType.Int32, 4),
            ElementType.UInt32 => (DType.Int64, 4),
            ElementType.Int64 or ElementType.UInt64 => (DType.Int64, 8),
            ElementType.Float16 => (DType.Float16, 2),
            ElementType.BFloat16 => (DType.BFloat16, 2),
            ElementType.Float => (DType.Float32, 4),
            ElementType.Double => (DType.Float64, 8),
            _ => (default, 0),
        };
        return bytes > 0;
    }

    public static ElementType Of(DType dtype) => dtype switch
    {
        DType.Bool => ElementType.Bool,
        DType.UInt8 => ElementType.UInt8,
        DType.Int8 => ElementType.Int8,
        DType.Int32 => ElementType.Int32,
        DType.Int64 => ElementType.Int64,
        DType.Float16 => ElementType.Float16,
        DType.BFloat16 => ElementType.BFloat16,
        DType.Float32 => ElementType.Float,
        _ => ElementType.Double,
    };

    /// <summary>Gets the name as the format's documents write it.</summary>
    public static string NameOf(ElementType type) => type switch
    {
        ElementType.Text => "string",
        _ when Enum.IsDefined(type) => type.ToString().ToLowerInvariant(),
        (ElementType)14 => "complex64",
        (ElementType)15 => "complex128",
        (ElementType)17 or (ElementType)18 or (ElementType)19 or (ElementType)20 => "float8",
        (ElementType)21 => "uint4",
        (ElementType)22 => "int4",
        _ => $"type {(int)type}",
    };

    /// <summary>Makes a tensor of little-endian elements as they stand in a file.</summary>
    public static Tensor FromRaw(ElementType type, ReadOnlySpan<byte> bytes, Shape shape) => type switch
    {
        ElementType.Bool => Bools(bytes, shape),
        ElementType.UInt8 => Make<byte>(bytes, shape),
        ElementType.Int8 => Make<sbyte>(bytes, shape),
        ElementType.UInt16 => Widen<ushort, int>(bytes, shape),
        ElementType.Int16 => Widen<short, int>(bytes, shape),
        ElementType.Int32 => Make<int>(bytes, shape),
        ElementType.UInt32 => Widen<uint, long>(bytes, shape),
        ElementType.Int64 => Make<long>(bytes, shape),
        ElementType.UInt64 => Widen<ulong, long>(bytes, shape),
        ElementType.Float16 => Make<Half>(bytes, shape),
        ElementType.BFloat16 => Make<BFloat16>(bytes, shape),
        ElementType.Float => Make<float>(bytes, shape),
        _ => Make<double>(bytes, shape),
    };

    /// <summary>Makes a tensor of integers as the format's field for small types has them; those of half types are bits.</summary>
    public static Tensor FromIntegers(ElementType type, ReadOnlySpan<long> values, Shape shape)
    {
        if (type is ElementType.Float16 or ElementType.BFloat16)
        {
            var bits = new ushort[values.Length];
            for (int i = 0; i < bits.Length; i++) bits[i] = (ushort)values[i];
            return FromRaw(type, MemoryMarshal.AsBytes<ushort>(bits), shape);
        }
        TryGet(type, out var dtype, out _);
        return Tensor.From(values, shape).To(dtype);
    }

    private static Tensor Make<T>(ReadOnlySpan<byte> bytes, Shape shape) where T : unmanaged
        => Tensor.From(MemoryMarshal.Cast<byte, T>(bytes), shape);

    private static Tensor Widen<TFrom, TTo>(ReadOnlySpan<byte> bytes, Shape shape)
        where TFrom : unmanaged, IBinaryInteger<TFrom>
        where TTo : unmanaged, IBinaryInteger<TTo>
    {
        var from = MemoryMarshal.Cast<byte, TFrom>(bytes);
        var to = new TTo[from.Length];
        for (int i = 0; i < to.Length; i++) to[i] = TTo.CreateSaturating(from[i]);
        return Tensor.From<TTo>(to, shape);
    }

    private static Tensor Bools(ReadOnlySpan<byte> bytes, Shape shape)
    {
        var values = new bool[bytes.Length];
        for (int i = 0; i < values.Length; i++) values[i] = bytes[i] != 0;
        return Tensor.From<bool>(values, shape);
    }
}

using System.Runtime.InteropServices;

namespace DeepNet.IO;

/// <summary>The element types of the format and what they become here. The small integers are widened to int32.</summary>
internal static class SafeTensorsTypes
{
    public delegate void Widening(ReadOnlySpan<byte> from, Span<int> to);

    public readonly record struct StoredType(DType DType, int Bytes, Widening? Widen);

    public static string NameOf(DType dtype) => dtype switch
    {
        DType.Bool => "BOOL",
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
            "BOOL" => new(DType.Bool, 1, null),
            "U8" => new(DType.Int32, 1, (from, to) => { for (int i = 0; i < to.Length; i++) to[i] = from[i]; }),
            "I8" => new(DType.Int32, 1, (from, to) => { for (int i = 0; i < to.Length; i++) to[i] = (sbyte)from[i]; }),
            "U16" => new(DType.Int32, 2, (from, to) => { var s = MemoryMarshal.Cast<byte, ushort>(from); for (int i = 0; i < to.Length; i++) to[i] = s[i]; }),
            "I16" => new(DType.Int32, 2, (from, to) => { var s = MemoryMarshal.Cast<byte, short>(from); for (int i = 0; i < to.Length; i++) to[i] = s[i]; }),
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

    public static StoredType Stored(string name) => TryGet(name, out var type) ? type : throw new NotSupportedException(name);
}

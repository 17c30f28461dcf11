using System.Runtime.CompilerServices;

namespace DeepNet;

/// <summary>
/// Provides the size, the .NET type and the name of each <see cref="DType"/>, and the type that two of them are promoted to.
/// </summary>
public static class DTypes
{
    /// <summary>Bytes per element.</summary>
    public static int Size(this DType type) => Sizes[(int)type];

    // In the order of the types: a switch would be a jump that every allocation takes.
    private static ReadOnlySpan<byte> Sizes => [1, 1, 1, 4, 8, 2, 2, 4, 8];

    /// <summary>True for the four types with a fraction.</summary>
    public static bool IsFloating(this DType type) => type >= DType.Float16;

    /// <summary>True for the types that arithmetic runs in, and that parameters may have: float32 and float64.</summary>
    public static bool IsDifferentiable(this DType type) => type >= DType.Float32;

    /// <summary>True for the 16-bit types, which are computed in float32 and stored in half the memory.</summary>
    public static bool IsHalf(this DType type) => type is DType.Float16 or DType.BFloat16;

    /// <summary>True for the integers of one byte, uint8 and int8.</summary>
    internal static bool IsSmallInteger(this DType type) => type is DType.UInt8 or DType.Int8;

    /// <summary>The name as it is printed: <c>float32</c>, <c>int64</c>, <c>bool</c>…</summary>
    public static string Name(this DType type) => type switch
    {
        DType.Bool => "bool",
        DType.UInt8 => "uint8",
        DType.Int8 => "int8",
        DType.Int32 => "int32",
        DType.Int64 => "int64",
        DType.Float16 => "float16",
        DType.BFloat16 => "bfloat16",
        DType.Float32 => "float32",
        DType.Float64 => "float64",
        _ => throw new ArgumentOutOfRangeException(nameof(type), type, "Not a DType."),
    };

    /// <summary>
    /// The type in which two tensors meet: the later of bool, uint8, int8, int32, int64, float32, float64, and int32 for uint8 beside int8,
    /// which has all numbers of both. A half type counts as float32,
    /// unless both are of the same half type: copies, Cat, Where, products and formulas that keep halves
    /// (<see cref="Ops.IBinaryOp{TSelf}.OnHalves"/>) stay in it.
    /// </summary>
    public static DType Promote(DType a, DType b)
    {
        if (a == b) return a;
        if (a.IsSmallInteger() && b.IsSmallInteger()) return DType.Int32;
        if (a.IsHalf()) a = DType.Float32;
        if (b.IsHalf()) b = DType.Float32;
        return a > b ? a : b;
    }

    /// <summary>
    /// The type in which a tensor meets a C# number: the tensor's own, unless the number is of a richer kind
    /// (a fraction beside integers makes float32, an integer beside bools makes int64). A literal never makes float64, and one that the
    /// tensor's integers do not reach is an error, except in comparisons.
    /// </summary>
    public static DType Promote(DType tensor, Scalar number) => number.Kind switch
    {
        ScalarKind.Floating => tensor.IsFloating() ? Compute(tensor) : DType.Float32,
        ScalarKind.Integer => tensor == DType.Bool ? DType.Int64 : Compute(tensor),
        _ => Compute(tensor),
    };

    /// <summary>The type that arithmetic on <paramref name="type"/> runs in: itself, or float32 for the half types.</summary>
    internal static DType Compute(DType type) => type.IsHalf() ? DType.Float32 : type;

    /// <summary>The type in which a function with fractional results runs: float64 stays, everything else is float32.</summary>
    internal static DType ComputeFloating(DType type) => type == DType.Float64 ? type : DType.Float32;

    /// <summary>Gets the smallest and the largest integer of a type; for bool, 0 and 1.</summary>
    internal static (long Least, long Most) Range(DType type) => type switch
    {
        DType.Bool => (0, 1),
        DType.UInt8 => (byte.MinValue, byte.MaxValue),
        DType.Int8 => (sbyte.MinValue, sbyte.MaxValue),
        DType.Int32 => (int.MinValue, int.MaxValue),
        _ => (long.MinValue, long.MaxValue),
    };

    /// <summary>True unless a C# integer lies outside the integers of a type. A bool takes any: what is not 0 is true.</summary>
    internal static bool Holds(DType type, Scalar number)
    {
        if (type is DType.Bool or >= DType.Int64 || number.Kind != ScalarKind.Integer) return true;
        var (least, most) = Range(type);
        return number.ToInt64() >= least && number.ToInt64() <= most;
    }

    /// <summary>Throws if a C# integer lies outside the integers of a type.</summary>
    internal static void CheckHolds(string op, DType type, Scalar number)
    {
        if (Holds(type, number)) return;
        var (least, most) = Range(type);
        throw new ArgumentException($"[{op}] {number} does not fit into {type.Name()}, which goes from {least} to {most}. Use a wider "
            + $"type: x.To(DType.{(type == DType.Int32 ? DType.Int64 : DType.Int32)}).");
    }

    /// <summary>The element type that stores <typeparamref name="T"/>.</summary>
    /// <exception cref="NotSupportedException">No element type stores it.</exception>
    public static DType Of<T>() where T : unmanaged
    {
        if (typeof(T) == typeof(float)) return DType.Float32;
        if (typeof(T) == typeof(double)) return DType.Float64;
        if (typeof(T) == typeof(int)) return DType.Int32;
        if (typeof(T) == typeof(long)) return DType.Int64;
        if (typeof(T) == typeof(bool)) return DType.Bool;
        if (typeof(T) == typeof(byte)) return DType.UInt8;
        if (typeof(T) == typeof(sbyte)) return DType.Int8;
        if (typeof(T) == typeof(Half)) return DType.Float16;
        if (typeof(T) == typeof(BFloat16)) return DType.BFloat16;
        throw new NotSupportedException(
            $"A tensor cannot hold {typeof(T)}: it holds float, double, int, long, byte, sbyte, bool, Half or BFloat16. Convert first.");
    }
}

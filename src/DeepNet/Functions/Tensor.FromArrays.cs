using System.ComponentModel;
using System.Runtime.InteropServices;

namespace DeepNet;

// Copies of the arrays that C# has. Their element type decides the tensor's.
public sealed partial class Tensor
{
    private const string Jagged =
        "[from] an array of arrays has rows of any length, a tensor has not. Use a rectangular array, float[,], or Tensor.Stack of "
        + "one tensor a row.";

    /// <summary>A tensor without axes: a number. A fraction makes float32, an integer int64, a bool bool.</summary>
    public static Tensor FromScalar(Scalar value, DType? dtype = null, Device? device = null)
        => Full(Shape.Scalar, value, dtype ?? value.Kind switch
        {
            ScalarKind.Bool => DType.Bool,
            ScalarKind.Integer => DType.Int64,
            _ => DType.Float32,
        }, device);

    /// <summary>A matrix with a copy of the elements.</summary>
    public static Tensor From<T>(T[,] elements, Device? device = null) where T : unmanaged => FromArray<T>(elements, device);

    /// <summary>A tensor of three axes with a copy of the elements.</summary>
    public static Tensor From<T>(T[,,] elements, Device? device = null) where T : unmanaged => FromArray<T>(elements, device);

    /// <summary>A tensor of four axes with a copy of the elements.</summary>
    public static Tensor From<T>(T[,,,] elements, Device? device = null) where T : unmanaged => FromArray<T>(elements, device);

    /// <summary>Does not compile: the rows of a jagged array may differ in length.</summary>
    [Obsolete(Jagged, error: true), EditorBrowsable(EditorBrowsableState.Never)]
    public static Tensor From<T>(T[][] elements) => throw new ArgumentException(Jagged);

    /// <summary>A tensor with a copy of the elements of an array of any rank, known at run time only.</summary>
    /// <exception cref="ArgumentException">It is an array of arrays.</exception>
    /// <exception cref="NotSupportedException">No element type stores its elements.</exception>
    public static Tensor FromArray(Array elements, Device? device = null)
    {
        ArgumentNullException.ThrowIfNull(elements);
        var type = elements.GetType().GetElementType();
        if (type is { IsArray: true }) throw new ArgumentException(Jagged);
        if (type == typeof(float)) return FromArray<float>(elements, device);
        if (type == typeof(double)) return FromArray<double>(elements, device);
        if (type == typeof(int)) return FromArray<int>(elements, device);
        if (type == typeof(long)) return FromArray<long>(elements, device);
        if (type == typeof(byte)) return FromArray<byte>(elements, device);
        if (type == typeof(sbyte)) return FromArray<sbyte>(elements, device);
        if (type == typeof(bool)) return FromArray<bool>(elements, device);
        if (type == typeof(Half)) return FromArray<Half>(elements, device);
        if (type == typeof(BFloat16)) return FromArray<BFloat16>(elements, device);
        throw new NotSupportedException(
            $"[from] a tensor cannot hold {type}: it holds float, double, int, long, byte, sbyte, bool, Half or BFloat16. Convert first.");
    }

    private static unsafe Tensor FromArray<T>(Array elements, Device? device) where T : unmanaged
    {
        ArgumentNullException.ThrowIfNull(elements);
        if (elements.Rank > Shape.MaxRank)
            throw new ArgumentException($"[from] an array of {elements.Rank} axes: a tensor has at most {Shape.MaxRank}.");
        Span<int> lengths = stackalloc int[elements.Rank];
        for (int axis = 0; axis < lengths.Length; axis++) lengths[axis] = elements.GetLength(axis);
        var tensor = Empty(new Shape(lengths), DTypes.Of<T>(), device);
        // The elements of an array of any rank lie in row-major order.
        fixed (byte* p = &MemoryMarshal.GetArrayDataReference(elements))
            if (elements.Length > 0) tensor.Upload(p);
        return tensor;
    }
}

using System.Numerics.Tensors;

namespace DeepNet.Distributed.Transports;

/// <summary>Reduces elements in memory of the host.</summary>
internal static unsafe class Combine
{
    private const int Piece = 1 << 24;                  // elements that fit into a span

    /// <summary>Throws if there is no reduction of elements of a type.</summary>
    public static void Check(string operation, DType type)
    {
        if (type is not (DType.Float32 or DType.Float64 or DType.Int32 or DType.Int64))
            throw new ArgumentException(
                $"[{operation}] {type.Name()} elements cannot be reduced over ranks; float32, float64, int32 and int64 can. Convert the "
                    + $"tensor: "
                + "x.To(DType.Float32).");
    }

    /// <summary>to = to ∘ other.</summary>
    public static void Into(nint to, nint other, long count, DType type, Reduction reduction)
    {
        switch (type)
        {
            case DType.Float32:
                Into((float*)to, (float*)other, count, reduction);
                break;
            case DType.Float64:
                Into((double*)to, (double*)other, count, reduction);
                break;
            case DType.Int32:
                Into((int*)to, (int*)other, count, reduction);
                break;
            default:
                Into((long*)to, (long*)other, count, reduction);
                break;
        }
    }

    /// <summary>
    /// Reduces parts that lie side by side into the first, in a binary tree: a tree over fewer and larger parts, each reduced in the same
    /// way before, gives the same bits.
    /// </summary>
    public static void Tree(nint parts, int n, long count, DType type, Reduction reduction)
    {
        long bytes = count * type.Size();
        for (int step = 1; step < n; step *= 2)
            for (int i = 0; i + step < n; i += 2 * step)
                Into((nint)(parts + i * bytes), (nint)(parts + (i + step) * bytes), count, type, reduction);
    }

    private static void Into<T>(T* to, T* other, long count, Reduction reduction) where T : unmanaged, System.Numerics.INumber<T>
    {
        for (long at = 0; at < count; at += Piece)
        {
            int length = (int)Math.Min(Piece, count - at);
            var a = new Span<T>(to + at, length);
            var b = new ReadOnlySpan<T>(other + at, length);
            switch (reduction)
            {
                case Reduction.Sum:
                    TensorPrimitives.Add(a, b, a);
                    break;
                case Reduction.Max:
                    TensorPrimitives.Max(a, b, a);
                    break;
                default:
                    TensorPrimitives.Min(a, b, a);
                    break;
            }
        }
    }
}

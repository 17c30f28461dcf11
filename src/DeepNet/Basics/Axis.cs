namespace DeepNet;

/// <summary>Checks and arithmetic on axis numbers and shapes that many operators share.</summary>
internal static class Axis
{
    /// <summary>Turns −1, −2… into positions and rejects what is out of range.</summary>
    public static int Normalize(string op, int axis, Shape shape) => Normalize(op, axis, shape.Rank, shape);

    /// <summary>The same for a place between axes or in a result, of which there are <paramref name="rank"/>.</summary>
    public static int Normalize(string op, int axis, int rank, Shape shape)
    {
        int position = axis < 0 ? axis + rank : axis;
        if ((uint)position < (uint)rank) return position;
        throw new ArgumentOutOfRangeException(nameof(axis), rank == 0
            ? $"[{op}] axis {axis} of shape {shape}: a scalar has no axes."
            : $"[{op}] axis {axis} of shape {shape}: axes go from 0 to {rank - 1}, or from -1 back to {-rank}.");
    }

    /// <summary>Which axes are named: a bit each. None named means all.</summary>
    public static uint Mask(string op, ReadOnlySpan<int> axes, Shape shape)
    {
        if (axes.IsEmpty) return (1u << shape.Rank) - 1;
        uint mask = 0;
        foreach (int axis in axes)
        {
            uint bit = 1u << Normalize(op, axis, shape);
            if ((mask & bit) != 0)
                throw new ArgumentException(
                    $"[{op}] axes [{string.Join(", ", axes.ToArray())}] of shape {shape}: axis {axis} is named twice.");
            mask |= bit;
        }
        return mask;
    }

    /// <summary>The shape after reducing the marked axes: dropped, or kept with length 1.</summary>
    public static Shape Reduced(Shape shape, uint mask, bool keepDim)
    {
        Span<int> lengths = stackalloc int[Shape.MaxRank];
        int rank = 0;
        for (int i = 0; i < shape.Rank; i++)
            if ((mask >> i & 1) == 0) lengths[rank++] = shape[i];
            else if (keepDim) lengths[rank++] = 1;
        return new Shape(lengths[..rank]);
    }

    /// <summary>The shape two operands meet in: aligned at the last axis, lengths equal or one of them 1.</summary>
    public static Shape Broadcast(string op, Shape a, Shape b)
    {
        if (a.Equals(b)) return a;
        int rank = Math.Max(a.Rank, b.Rank);
        Span<int> lengths = stackalloc int[Shape.MaxRank];
        bool isA = a.Rank == rank, isB = b.Rank == rank;
        for (int back = 1; back <= rank; back++)
        {
            int p = back <= a.Rank ? a[a.Rank - back] : 1, q = back <= b.Rank ? b[b.Rank - back] : 1;
            if (p != q && p != 1 && q != 1) throw CannotBroadcast(op, a, b, p, q, back);
            int length = p == 1 ? q : p;
            lengths[rank - back] = length;
            isA &= length == p;
            isB &= length == q;
        }
        return isA ? a : isB ? b : new Shape(lengths[..rank]);
    }

    /// <summary>The length of a result's axis, worked out in a type that holds it; an error if no axis is as long.</summary>
    public static int Length(string op, long length, Shape from)
        => length <= int.MaxValue ? (int)length : throw new ArgumentException($"[{op}] of shape {from} makes an axis of {length} "
            + $"elements, and an axis has at most {int.MaxValue}.");

    /// <summary>The number of elements of the axes from one to another (exclusive).</summary>
    public static long Product(Shape shape, int from, int to)
    {
        var axes = shape.Axes[from..to];
        long product = 1;
        foreach (int length in axes) product = unchecked(product * length);
        return axes.Contains(0) ? 0 : product;         // beside a 0, the others may be more than a long holds
    }

    private static ArgumentException CannotBroadcast(string op, Shape a, Shape b, int p, int q, int back)
    {
        string hint = "";
        if (a.Rank == 2 && b.Rank == 1 && a[0] == b[0]) hint = $" To apply one value per row, use b.Unsqueeze(1), of shape ({b[0]}, 1).";
        else if (a.Rank == b.Rank && a.Rank == 2 && a[0] == b[1] && a[1] == b[0]) hint = " Did you mean the transpose, b.T?";
        return new ArgumentException(
            $"[{op}] {a} and {b}: axis -{back} has length {p} on the left and {q} on the right; lengths must be equal, or one of them "
            + $"1.{hint}");
    }
}

namespace DeepNet.Ops;

/// <summary>Provides what reductions share: shapes with or without the reduced axes, and errors about types and empty axes.</summary>
internal static class Reduction
{
    /// <summary>Runs the kernel over the marked axes.</summary>
    public static Tensor Run<TMap, TRule>(TMap map, TRule rule, Tensor x, uint mask, bool keepDim)
        where TMap : unmanaged, IUnaryOp<TMap> where TRule : unmanaged, IReduceOp<TRule>
    {
        var dtype = x.DType == DType.Bool && default(TRule) is AddUp ? DType.Int64 : x.DType;
        if (IsEverything(mask, x.Rank) && !keepDim)
        {
            var number = Tensor.Allocate(Shape.Scalar, dtype, x.Device);
            x.Kernels.Reduce(map, rule, x, number);
            return number;
        }
        var kept = Tensor.Allocate(Axis.Reduced(x.Shape, mask, keepDim: true), dtype, x.Device);
        x.Kernels.Reduce(map, rule, x, kept);
        return keepDim ? kept : Drop(kept, mask);
    }

    private static Tensor Drop(Tensor kept, uint mask)
    {
        var shape = Axis.Reduced(kept.Shape, mask, keepDim: false);
        return kept.View(shape, shape.RowMajor, 0);
    }

    /// <summary>
    /// A result or its gradient, with the reduced axes as axes of length 1, so that it broadcasts against what was reduced.
    /// </summary>
    public static Tensor Keep(Tensor result, Shape from, uint mask)
        => result.Rank == from.Rank ? result : result.Reshape(Axis.Reduced(from, mask, keepDim: true).Axes);

    /// <summary>Gets the number of elements that each result combines.</summary>
    public static nint Length(Shape shape, uint mask)
    {
        nint length = 1;
        for (int i = 0; i < shape.Rank; i++)
            if ((mask >> i & 1) != 0) length *= shape[i];
        return length;
    }

    public static bool IsEverything(uint mask, int rank) => mask == (1u << rank) - 1;

    /// <summary>True if only the last axes are marked, so that each result comes from one run of a dense tensor.</summary>
    public static bool IsTrailing(uint mask, int rank)
    {
        uint unmarked = ~mask & ((1u << rank) - 1);
        uint first = mask & (0 - mask);
        return first > unmarked;
    }

    /// <summary>The tensor with one axis moved to the end: a view.</summary>
    public static Tensor ToLast(Tensor x, int axis)
    {
        if (axis == x.Rank - 1) return x;
        Span<int> order = stackalloc int[x.Rank];
        for (int i = 0, at = 0; i < x.Rank; i++)
            if (i != axis) order[at++] = i;
        order[^1] = axis;
        return x.Permute(order);
    }

    /// <summary>The other way round.</summary>
    public static Tensor FromLast(Tensor x, int axis)
    {
        if (axis == x.Rank - 1) return x;
        Span<int> order = stackalloc int[x.Rank];
        for (int i = 0; i < x.Rank; i++) order[i] = i < axis ? i : i == axis ? x.Rank - 1 : i - 1;
        return x.Permute(order);
    }

    /// <summary>The marked axes as one axis at the end, and the unmarked ones in front.</summary>
    public static Tensor MergeToLast(Tensor x, uint mask)
    {
        Span<int> order = stackalloc int[x.Rank], lengths = stackalloc int[x.Rank + 1];
        int at = 0;
        for (int i = 0; i < x.Rank; i++)
            if ((mask >> i & 1) == 0)
            {
                lengths[at] = x.Shape[i];
                order[at++] = i;
            }
        int kept = at;
        for (int i = 0; i < x.Rank; i++)
            if ((mask >> i & 1) != 0) order[at++] = i;
        lengths[kept] = Axis.Length("reduce", Length(x.Shape, mask), x.Shape);
        return x.Permute(order).Reshape(lengths[..(kept + 1)]);
    }

    /// <summary>For what gives fractions: integers are refused, half types become float32.</summary>
    public static Tensor RequireFloating(string op, Tensor x)
    {
        if (!x.DType.IsFloating())
            throw new ArgumentException(
                $"[{op}] the tensor of shape {x.Shape} is {x.DType.Name()}, and the result has a fraction. Convert first: "
                + $"x.To(DType.Float32).{OfMethod(op)}.");
        return x.To(DTypes.Compute(x.DType));
    }

    private static string OfMethod(string op)
        => string.Concat(op.Split('_').Select(word => char.ToUpperInvariant(word[0]) + word[1..])) + "(...)";

    /// <summary>For sums and products: integers and bools become int64, half types float32.</summary>
    public static Tensor Widen(Tensor x) => x.To(x.DType.IsFloating() ? DTypes.Compute(x.DType) : DType.Int64);

    /// <summary>For what has no value over nothing.</summary>
    public static void RequireElements(string op, Shape shape, uint mask)
    {
        if (shape.Count != 0 || Length(shape, mask) != 0) return;
        var empty = Enumerable.Range(0, shape.Rank).Where(axis => (mask >> axis & 1) != 0 && shape[axis] == 0);
        throw new ArgumentException($"[{op}] of shape {shape}: there is no {op} over no elements. Axis {string.Join(", ", empty)} has "
            + $"length 0: was a mask or a slice empty? Check x.Count first, or name an axis that has elements: x.{OfMethod(op)}.");
    }

    /// <summary>The axis named, as a mask.</summary>
    public static uint Mask(string op, int axis, Shape shape) => 1u << Axis.Normalize(op, axis, shape);
}

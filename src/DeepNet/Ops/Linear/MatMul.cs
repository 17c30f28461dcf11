namespace DeepNet.Ops;

/// <summary>
/// The matrix product over the last two axes. Leading axes broadcast, and may be summed on the way: that is what the
/// derivative of broadcasting needs, and it makes the operator closed under differentiation.
/// </summary>
/// <param name="to">The shape of the result; leading axes that it lacks, or has with length 1, are summed.</param>
/// <param name="type">The element type of the result, where it is not that of the operands: float32 for half types.</param>
internal sealed class MatMul(Shape to, DType? type = null) : Operator, ISampled
{
    private Shape? left, right;
    private DType operands;

    /// <summary>The product by NumPy's rules, where a vector on the left is a row and one on the right a column.</summary>
    public static Tensor Of(Tensor a, Tensor b)
    {
        (a, b) = Operands.Meet("matmul", a, b);
        if (a.Rank == 0 || b.Rank == 0)
            throw new ArgumentException($"[matmul] {a.Shape} × {b.Shape}: a single number has no rows and columns. Use * to scale.");
        if (a.Rank == 2 && b.Rank == 2)
        {
            if (a.Shape[1] != b.Shape[0]) throw MatMulErrors.Inner("matmul", a.Shape, b.Shape);
            return new MatMul(new Shape(a.Shape[0], b.Shape[1])).Apply(a, b);
        }
        var rows = a.Rank == 1 ? a.Reshape(1, a.Shape[0]) : a;
        var columns = b.Rank == 1 ? b.Reshape(b.Shape[0], 1) : b;
        if (rows.Shape[^1] != columns.Shape[^2]) throw MatMulErrors.Inner("matmul", a.Shape, b.Shape);
        var result = new MatMul(ResultShape(rows.Shape, columns.Shape, a.Shape, b.Shape)).Apply(rows, columns);
        return a.Rank > 1 && b.Rank > 1 ? result : result.Reshape(WithoutVectors(result.Shape, a.Rank == 1, b.Rank == 1));
    }

    /// <summary>The product with leading axes summed to those of <paramref name="to"/>, or repeated where it has more.</summary>
    internal static Tensor Of(Tensor a, Tensor b, Shape to, DType? type = null)
    {
        if (to.Rank == 2) return new MatMul(to, type).Apply(a, b);
        var result = new MatMul(WithoutRepeats(a.Shape, b.Shape, to), type).Apply(a, b);
        return result.Expand(to);
    }

    /// <summary>
    /// The product of rows, with any leading axes, and a matrix; as another element type than theirs, if they are of a half type.
    /// </summary>
    internal static Tensor Of(Tensor a, Tensor b, DType type)
        => new MatMul(new Shape([.. a.Shape.Axes[..^1], b.Shape[1]]), type).Apply(a, b);

    public override string Name => "matmul";

    protected override Tensor Forward(ReadOnlySpan<Tensor> inputs)
    {
        var (a, b) = (inputs[0], inputs[1]);
        (left, right, operands) = (a.Shape, b.Shape, a.DType);
        if (Needs(1)) Save(0, a);
        if (Needs(0)) Save(1, b);
        var result = Tensor.Allocate(to, type ?? a.DType, a.Device);
        result.Kernels.MatMul(a, b, result);
        return result;
    }

    protected override void Vjp(Tensor gradient)
    {
        gradient = gradient.To(operands);
        if (Needs(0)) GiveProduct(0, gradient, Saved(1).T, left!);
        if (Needs(1)) GiveProduct(1, Saved(0).T, gradient, right!);
    }

    private void GiveProduct(int input, Tensor a, Tensor b, Shape shape)
    {
        // Only a product that was itself summed has operands with more leading axes than its gradient: not a weight's case.
        if ((shape.Rank == 2 || WithoutRepeats(a.Shape, b.Shape, shape).Equals(shape)) && TakeBuffer(input) is { } buffer)
            buffer.Kernels.MatMul(a, b, buffer);
        else Give(input, Of(a, b, shape, GradientType(input)));
    }

    private static Shape ResultShape(Shape rows, Shape columns, Shape a, Shape b)
    {
        int rank = Math.Max(rows.Rank, columns.Rank);
        Span<int> lengths = stackalloc int[rank];
        for (int back = rank; back > 2; back--)
        {
            int p = back <= rows.Rank ? rows[^back] : 1, q = back <= columns.Rank ? columns[^back] : 1;
            if (p != q && p != 1 && q != 1) throw MatMulErrors.Batch("matmul", a, b, p, q, back);
            lengths[rank - back] = p == 1 ? q : p;
        }
        lengths[^2] = rows[^2];
        lengths[^1] = columns[^1];
        return new Shape(lengths);
    }

    /// <summary><paramref name="to"/> with length 1 for leading axes that neither operand has.</summary>
    private static Shape WithoutRepeats(Shape a, Shape b, Shape to)
    {
        Span<int> lengths = stackalloc int[to.Rank];
        to.Axes.CopyTo(lengths);
        bool same = true;
        for (int back = 3; back <= to.Rank; back++)
        {
            if (to[^back] == 1 || (back <= a.Rank && a[^back] != 1) || (back <= b.Rank && b[^back] != 1)) continue;
            lengths[^back] = 1;
            same = false;
        }
        return same ? to : new Shape(lengths);
    }

    private static int[] WithoutVectors(Shape shape, bool left, bool right)
        => [.. shape.Axes[..^2], .. left ? [] : shape.Axes[^2..^1], .. right ? [] : shape.Axes[^1..]];

    public static IEnumerable<Sample> Samples =>
    [
        new("matrices", x => Of(x[0], x[1]), Sample.Values(2, 3), Sample.Values(3, 4)),
        new("transposed views", x => Of(x[0].T, x[1].T), Sample.Values(3, 2), Sample.Values(4, 3)),
        new("vector on the left", x => Of(x[0], x[1]), Sample.Values(3), Sample.Values(3, 2)),
        new("vector on the right", x => Of(x[0], x[1]), Sample.Values(2, 2, 3), Sample.Values(3)),
        new("two vectors", x => Of(x[0], x[1]), Sample.Values(5), Sample.Values(5)),
        new("batches", x => Of(x[0], x[1]), Sample.Values(2, 2, 3), Sample.Values(2, 3, 2)),
        new("batch and weight", x => Of(x[0], x[1]), Sample.Values(2, 3, 1, 2), Sample.Values(2, 2)),
        new("broadcast both ways", x => Of(x[0], x[1]), Sample.Values(2, 1, 2, 1), Sample.Values(3, 1, 2)),
        new("empty batch", x => Of(x[0], x[1]), Sample.Values(0, 2, 3), Sample.Values(3, 2)),
        new("nothing to sum", x => Of(x[0], x[1]), Sample.Values(2, 0), Sample.Values(0, 2)),
        new("with itself", x => Of(x[0], x[0].T), Sample.Values(3, 2)),
    ];
}

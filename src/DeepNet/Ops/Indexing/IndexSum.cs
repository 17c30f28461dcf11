namespace DeepNet.Ops;

/// <summary>
/// Zeros, or a copy of a third input, with rows added at indexed places of an axis, in the order of the index. From zeros it is
/// the adjoint of <see cref="IndexSelect"/>.
/// </summary>
internal sealed class IndexSum(Shape shape, int axis, bool hasBase = false) : Operator, ISampled
{
    public static Tensor Of(Tensor rows, Shape shape, int axis, Tensor index)
    {
        var type = Indices.SumType(rows.DType);
        var sum = new IndexSum(shape, axis).Apply(rows.To(type), index);
        return type == rows.DType ? sum : sum.To(rows.DType);
    }

    public static Tensor Add(Tensor x, int axis, Tensor index, Tensor rows)
    {
        const string op = "index_add";
        axis = Axis.Normalize(op, axis, x.Shape);
        if (index.Rank != 1) throw new ArgumentException($"[{op}] an index of shape {index.Shape}: it must have one axis.");
        var expected = new Shape([.. x.Shape.Axes[..axis], (int)index.Count, .. x.Shape.Axes[(axis + 1)..]]);
        if (!rows.Shape.Equals(expected))
            throw new ArgumentException(
                $"[{op}] rows of shape {rows.Shape} for {index.Count} indices into axis {axis} of shape {x.Shape}: the shape must be "
                + $"{expected}.");
        if (rows.Device != x.Device) throw Elementwise.DifferentDevices(op, x, rows);
        var type = Indices.SumType(x.DType);
        return new IndexSum(x.Shape, axis, hasBase: true).Apply(rows.To(type), Indices.Of(op, index, x.Shape, axis, x.Device), x.To(type))
            .To(x.DType);
    }

    /// <summary>Fills a dense tensor with the sum.</summary>
    public static void Into(Tensor result, Tensor rows, int axis, Tensor index)
    {
        result.Kernels.Fill(result, 0);
        AddTo(result, rows, axis, index);
    }

    private static void AddTo(Tensor sum, Tensor rows, int axis, Tensor index)
        => sum.Kernels.Scatter(sum, IndexedAxis.Rows(sum.Shape, axis, index), index, rows.Contiguous(), accumulate: true);

    public int Along => axis;

    public override string Name => "index_add";

    protected override Tensor Forward(ReadOnlySpan<Tensor> inputs)
    {
        Save(0, inputs[1]);
        var sum = hasBase ? inputs[2].CopyDense() : Tensor.Full(shape, 0, inputs[0].DType, inputs[0].Device);
        AddTo(sum, inputs[0], axis, inputs[1]);
        return sum;
    }

    protected override void Vjp(Tensor gradient)
    {
        if (Needs(0)) Give(0, IndexSelect.OfChecked(gradient, axis, Saved(0)));
        if (hasBase) Give(2, gradient);
    }

    public static IEnumerable<Sample> Samples =>
    [
        new("index add, some twice", x => x[0].IndexAdd(0, Tensor.From(1, -1, 1), x[1]), Sample.Values(3, 2), Sample.Values(3, 2)),
        new("index add of columns", x => x[0].IndexAdd(1, Tensor.From(3L), x[1]), Sample.Values(2, 4), Sample.Values(2, 1)),
    ];
}

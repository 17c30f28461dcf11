namespace DeepNet.Ops;

/// <summary>Reading and writing <c>t[…]</c>.</summary>
internal sealed class Indexing : ISampled
{
    public static Tensor Read(Tensor x, ReadOnlySpan<TensorIndex> parts)
    {
        var expression = new IndexExpression(x, parts);
        var view = MappedView.Of(x, expression.Map);
        if (expression.IsView) return view;
        var (arranged, axis, count, index, selected) = expression.Arrange(view);
        var result = IndexSelect.OfChecked(count > 1 ? arranged.Flatten(axis, axis + count - 1) : arranged, axis, index);
        return selected.Rank == 1 ? result : Reshape.Apply(result, Around(arranged.Shape, axis, count, selected), mayCopy: false);
    }

    public static void Write(Tensor x, ReadOnlySpan<TensorIndex> parts, Tensor value)
    {
        const string op = "index_put";
        bool isRecorded = x.CheckInPlace(op, value);
        if (value.DType.IsFloating()) x.CheckFits(op, value.DType);     // 0 and 1 may be written to a mask
        using var writing = x.Storage.Write();
        var expression = new IndexExpression(x, parts);
        var part = expression.Map.Apply(x);
        value = value.To(x.Device).To(x.DType);
        if (IndexExpression.OnlyMask(parts) is { } mask && value.Count == 1)
        {
            InPlace.Write(op, x, part, Masked(x, mask, value), isRecorded);
            return;
        }
        if (expression.IsView)
        {
            InPlace.Write(op, x, part, Fit(value, part.Shape), isRecorded);
            return;
        }
        var (arranged, axis, count, index, selected) = expression.Arrange(part);
        var places = new Places(axis, count, index, Around(arranged.Shape, axis, count, selected));
        InPlace.Write(op, x, arranged, Fit(value, places.Shape), isRecorded, places);
    }

    /// <summary>A tensor with one number wherever a mask over its first axes is true: no list of positions is needed.</summary>
    private static Tensor Masked(Tensor x, Tensor mask, Tensor number)
    {
        DeviceCheck.Same("index_put", x, mask);
        Span<int> lengths = stackalloc int[x.Rank];
        lengths.Fill(1);
        mask.Shape.Axes.CopyTo(lengths);
        return Tensor.Where(mask.Reshape(lengths), number.Reshape(), x);
    }

    private static Tensor Fit(Tensor value, Shape shape)
    {
        // As in NumPy, leading axes of length 1 may be too many.
        while (value.Rank > shape.Rank && value.Shape[0] == 1) value = value.Select(0, 0);
        bool fits = value.Rank <= shape.Rank;
        for (int i = 1; fits && i <= value.Rank; i++) fits = value.Shape[^i] == 1 || value.Shape[^i] == shape[^i];
        if (!fits) throw new ArgumentException(
            $"[index_put] a value of shape {value.Shape} does not fit where it is written, which has shape {shape}.");
        return value.Expand(shape);
    }

    /// <summary>The shape with so many axes replaced by others.</summary>
    private static Shape Around(Shape shape, int axis, int count, Shape others)
        => new([.. shape.Axes[..axis], .. others.Axes, .. shape.Axes[(axis + count)..]]);

    public static IEnumerable<Sample> Samples =>
    [
        new("a tensor of places", x => x[0][Tensor.From<int>([0, 2, 2, -1], new Shape(2, 2))], Sample.Values(3, 2)),
        new("tensors that broadcast", x => x[0][.., Tensor.From<int>([0, 1], new Shape(2, 1)), new[] { 2, 0, -1 }], Sample.Values(2, 2, 3)),
        new("tensors apart go in front", x => x[0][new[] { 1, 1 }, .., new[] { 0, 2 }], Sample.Values(2, 2, 3)),
        new("a number and a tensor apart", x => x[0][1, .., new[] { 0, 2 }], Sample.Values(2, 2, 3)),
        new("a mask", x => x[0][Sample.Values(2, 3).To(x[0].Device) > 0], Sample.Values(2, 3, 2)),
        new("a mask behind a range", x => x[0][1.., Sample.Values(3).To(x[0].Device) > 0], Sample.Values(3, 3)),
        new("masked select", x => x[0].MaskedSelect(Sample.Values(3).To(x[0].Device) > 0), Sample.Values(2, 3)),
        new("masked fill", x => x[0].MaskedFill(Sample.Values(3).To(x[0].Device) > 0, 7).Square(), Sample.Values(2, 3)),
        new("take", x => x[0].Take(Tensor.From<int>([5, -1, 0], new Shape(3, 1))), Sample.Values(2, 3)),
    ];
}

namespace DeepNet;

// Elements and rows at places that a tensor gives. Indices are int64 or int32; negative ones count from the end.
public sealed partial class Tensor
{
    /// <summary>
    /// The places of an axis that a one-dimensional index names, in its order. Its gradient adds up rows that were taken twice, in the
    /// order of the index.
    /// </summary>
    public Tensor IndexSelect(int axis, Tensor index)
    {
        ArgumentNullException.ThrowIfNull(index);
        return Ops.IndexSelect.Of(this, axis, index);
    }

    /// <summary>
    /// A copy with the rows of <paramref name="source"/> added at the places of an axis that the index names; deterministic, in the order
    /// of the index.
    /// </summary>
    public Tensor IndexAdd(int axis, Tensor index, Tensor source)
    {
        ArgumentNullException.ThrowIfNull(index);
        ArgumentNullException.ThrowIfNull(source);
        return IndexSum.Add(this, axis, index, source);
    }

    /// <summary>
    /// result[i, j] = this[index[i, j], j] for axis 0, this[i, index[i, j]] for axis 1, and so on: the index has as many axes as
    /// the tensor, and no other axis longer.
    /// </summary>
    public Tensor Gather(int axis, Tensor index)
    {
        ArgumentNullException.ThrowIfNull(index);
        return Ops.Gather.Of(this, axis, index);
    }

    /// <summary>
    /// A copy in which element (i, j) of <paramref name="source"/> replaces that at (index[i, j], j) for axis 0, at (i, index[i, j])
    /// for axis 1, and so on. Where several meet, the last in row-major order stays.
    /// </summary>
    public Tensor Scatter(int axis, Tensor index, Tensor source)
    {
        ArgumentNullException.ThrowIfNull(index);
        ArgumentNullException.ThrowIfNull(source);
        return Ops.Scatter.Of(this, axis, index, source);
    }

    /// <summary>A copy with one number at the places that <see cref="Scatter(int, Tensor, Tensor)"/> writes to.</summary>
    public Tensor Scatter(int axis, Tensor index, Scalar value)
    {
        ArgumentNullException.ThrowIfNull(index);
        return Ops.Scatter.Of(this, axis, index, Full(Shape.Scalar, value, DType, Device).Expand(index.Shape));
    }

    /// <summary>Like <see cref="Scatter(int, Tensor, Tensor)"/>, but adding; deterministic, in row-major order.</summary>
    public Tensor ScatterAdd(int axis, Tensor index, Tensor source)
    {
        ArgumentNullException.ThrowIfNull(index);
        ArgumentNullException.ThrowIfNull(source);
        return ScatterSum.Add(this, axis, index, source);
    }

    /// <summary>
    /// A copy in which the elements of <paramref name="source"/> that <see cref="Scatter(int, Tensor, Tensor)"/> would write to one place
    /// are combined, with the element that is there, or in place of it.
    /// </summary>
    /// <param name="axis">The axis on which the index chooses.</param>
    /// <param name="index">The places.</param>
    /// <param name="source">The elements.</param>
    /// <param name="reduction">How they are combined.</param>
    /// <param name="includeSelf">Whether the element that is there takes part.</param>
    public Tensor ScatterReduce(int axis, Tensor index, Tensor source, ScatterReduction reduction, bool includeSelf = true)
    {
        ArgumentNullException.ThrowIfNull(index);
        ArgumentNullException.ThrowIfNull(source);
        return Ops.ScatterReduce.Of(this, axis, index, source, reduction, includeSelf);
    }

    /// <summary>The elements at row-major positions; the result has the shape of the index.</summary>
    public Tensor Take(Tensor index)
    {
        ArgumentNullException.ThrowIfNull(index);
        var flat = Reshape(-1);
        return Ops.IndexSelect.OfChecked(flat, 0, Indices.Of("take", index, flat.Shape, 0, Device).Reshape(-1)).Reshape(index.Shape.Axes);
    }

    /// <summary>A copy with a number where the mask, broadcast to this shape, is true.</summary>
    public Tensor MaskedFill(Tensor mask, Scalar value)
    {
        RequireMask("masked_fill", mask);
        if (!Axis.Broadcast("masked_fill", Shape, mask.Shape).Equals(Shape))
            throw new ArgumentException($"[masked_fill] a mask of shape {mask.Shape} cannot be broadcast to shape {Shape}.");
        return Ops.Where.Of(mask, Full(Shape.Scalar, value, DType, Device), this);
    }

    /// <summary>The elements where the mask is true, in row-major order, after broadcasting both.</summary>
    public Tensor MaskedSelect(Tensor mask)
    {
        RequireMask("masked_select", mask);
        var shape = Axis.Broadcast("masked_select", Shape, mask.Shape);
        return Ops.IndexSelect.OfChecked(Expand(shape).Reshape(-1), 0, Indices.Positions(mask.Expand(shape)));
    }

    /// <summary>
    /// The coordinates of all elements that are not zero, in row-major order: an int64 tensor of a row for each and a column for each axis.
    /// </summary>
    public Tensor NonZero() => Indices.Positions(DType == DType.Bool ? this : Detach().NotEqual(0), asCoordinates: true);

    /// <summary>
    /// The rows of a table that indices name, in the shape of the indices with a last axis for the row. Rows named several times
    /// add up their gradients, in order; the row <paramref name="paddingIndex"/>, if given, gets none.
    /// </summary>
    /// <param name="weight">The table, (rows, columns).</param>
    /// <param name="indices">The indices: int32 or int64, of any shape.</param>
    /// <param name="paddingIndex">The row that is not learned.</param>
    /// <param name="sparse">
    /// True to gather the gradient of a table that is a leaf in <see cref="SparseGrad"/>, as the rows that were used. A hook on the table,
    /// <c>createGraph</c> or a dense use of it makes the gradient dense;
    /// <see cref="Autograd.Grad(Tensor, Tensor, Tensor, bool, bool)"/> returns it dense.
    /// </param>
    public static Tensor Embedding(Tensor weight, Tensor indices, int? paddingIndex = null, bool sparse = false)
    {
        const string op = "embedding";
        ArgumentNullException.ThrowIfNull(weight);
        ArgumentNullException.ThrowIfNull(indices);
        if (weight.Rank != 2) throw new ArgumentException($"[{op}] the table has shape {weight.Shape}; it must be (rows, columns).");
        var dense = Indices.Dense(op, indices, weight.Device);
        weight.Kernels.CheckIndex(dense, new(op, IndexKind.Table, indices.Shape, 0, weight.Shape[0], weight.Shape));
        int? place = paddingIndex is { } given ? AxisMap.Place(op, weight.Shape, 0, given) : null;
        var rows = sparse
            ? new SparseEmbedding(place).Apply(weight, dense.Reshape(-1))
            : Ops.IndexSelect.OfChecked(weight, 0, dense.Reshape(-1));
        if (place is { } padding && !sparse && rows.RequiresGrad)
            rows = Ops.Where.Of(dense.Reshape(-1, 1).Equal(padding), rows.Detach(), rows);
        return rows.Reshape([.. indices.Shape.Axes, weight.Shape[1]]);
    }

    /// <summary>A new last axis that is 1 at the place that the integer names and 0 elsewhere.</summary>
    public Tensor OneHot(int classes, DType dtype = DType.Float32)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(classes);
        var dense = Indices.Dense("one_hot", this, Device);
        Kernels.CheckIndex(dense, new("one_hot", IndexKind.Class, Shape, 0, classes));
        return dense.Unsqueeze(-1).Equal(Indices.Count(classes, Device)).To(dtype);
    }

    private void RequireMask(string op, Tensor mask)
    {
        ArgumentNullException.ThrowIfNull(mask);
        if (mask.DType != DType.Bool)
            throw new ArgumentException(
                $"[{op}] the mask of shape {mask.Shape} is {mask.DType.Name()}, it must be bool. Compare: x > 0, or x.NotEqual(0).");
        if (mask.Device != Device) throw Elementwise.DifferentDevices(op, this, mask);
    }
}

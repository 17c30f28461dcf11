namespace DeepNet.Ops;

/// <summary>
/// Places that index tensors name in some neighbouring axes of a tensor, taken as one axis. Where several name one place, the last one
/// has it.
/// </summary>
/// <param name="axis">The first of the axes.</param>
/// <param name="count">Their number.</param>
/// <param name="index">The places, dense int64 numbers in order.</param>
/// <param name="shape">The shape of what is written there.</param>
internal sealed class Places(int axis, int count, Tensor index, Shape shape)
{
    private readonly SavedTensor index = new(index);

    public Shape Shape => shape;

    /// <summary>Writes to the places of a tensor.</summary>
    public void Put(Tensor target, Tensor value)
    {
        // The kernel writes to dense memory: the tensor's own if it is so, else a copy that is written back.
        var places = index.Require("index_put");
        var dense = target.IsContiguous ? target.Detach() : target.CopyDense();
        var merged = Merge(dense);
        var rows = Reshape.Apply(value.Detach(), Rows(merged.Shape, places), mayCopy: true).Contiguous();
        if (ReferenceEquals(rows.Storage, target.Storage)) rows = rows.CopyDense();
        dense.Kernels.Scatter(merged, IndexedAxis.Rows(merged.Shape, axis, places), places, rows, accumulate: false);
        if (!target.IsContiguous) target.Kernels.Copy(dense, target);
    }

    /// <summary>Gets the elements in the places of a tensor, and zeros for those that a later one has taken.</summary>
    public Tensor Take(Tensor source)
    {
        var places = index.Require("index_put");
        var merged = Merge(source);
        var rows = IndexSelect.OfChecked(merged, axis, places);
        if (places.Count > 1)
        {
            Span<int> lengths = stackalloc int[rows.Rank];
            lengths.Fill(1);
            lengths[axis] = rows.Shape[axis];
            rows = Tensor.Where(Stayed(places, merged.Shape[axis]).Reshape(lengths), rows,
                Tensor.Zeros(Shape.Scalar, rows.DType, rows.Device));
        }
        return Reshape.Apply(rows, shape, mayCopy: true);
    }

    // Each place is given the number of the last index that names it.
    private static Tensor Stayed(Tensor places, int length)
    {
        var numbers = Indices.Count((int)places.Count, places.Device);
        var board = Tensor.Allocate(new Shape(length), DType.Int64, places.Device);
        board.Kernels.Scatter(board, IndexedAxis.Rows(board.Shape, 0, places), places, numbers, accumulate: false);
        return IndexSelect.OfChecked(board, 0, places).Equal(numbers);
    }

    private Tensor Merge(Tensor x) => count > 1 ? x.Flatten(axis, axis + count - 1) : x;

    private Shape Rows(Shape merged, Tensor places) => new([.. merged.Axes[..axis], (int)places.Count, .. merged.Axes[(axis + 1)..]]);
}

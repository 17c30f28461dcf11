using DeepNet.Devices;
using DeepNet.Ops;

namespace DeepNet;

/// <summary>
/// The gradient of a table in which most rows are zero: the other rows and their indices. <see cref="Tensor.Embedding"/> makes it when
/// asked to, and <see cref="Tensor.SparseGrad"/> holds it.
/// </summary>
public sealed class SparseGradient
{
    private SparseGradient(Shape shape, Tensor indices, Tensor values) => (Shape, Indices, Values) = (shape, indices, values);

    /// <summary>Gets the shape of the table, and of <see cref="ToDense"/>.</summary>
    public Shape Shape { get; }

    /// <summary>Gets the indices of the rows: int64, in rising order, none twice.</summary>
    public Tensor Indices { get; }

    /// <summary>Gets the rows, one for each index. A change in place changes the gradient.</summary>
    public Tensor Values { get; }

    /// <summary>Returns the gradient as a new dense tensor.</summary>
    public Tensor ToDense()
    {
        var dense = Tensor.Full(Shape, 0, Values.DType, Values.Device);
        AddTo(dense);
        return dense;
    }

    /// <inheritdoc/>
    public override string ToString() => $"{Indices.Count} rows of {Values.DType.Name()} {Shape}";

    /// <summary>Sums rows that have the same index, in their order.</summary>
    /// <param name="shape">The shape of the table.</param>
    /// <param name="index">The index of each row: dense, int64, not negative, in any order.</param>
    /// <param name="rows">The rows.</param>
    internal static SparseGradient Sum(Shape shape, Tensor index, Tensor rows)
    {
        // Equal indices stand side by side when sorted. The first of each gets a number, which goes back to where its rows are.
        int count = index.Shape[0];
        var order = Sorting.ArgSort("embedding", index, 0, isDescending: false);
        var sorted = IndexSelect.OfChecked(index, 0, order);
        var isFirst = Tensor.Full(index.Shape, true, DType.Bool, index.Device);
        if (count > 1)
        {
            var differs = sorted.Narrow(0, 1, count - 1).NotEqual(sorted.Narrow(0, 0, count - 1));
            index.Device.Copy(differs, isFirst.Narrow(0, 1, count - 1));
        }
        var indices = IndexSelect.OfChecked(sorted, 0, Ops.Indices.Positions(isFirst));
        var slots = Tensor.Allocate(index.Shape, DType.Int64, index.Device);
        var numbers = (isFirst.To(DType.Int64).CumSum(0) - 1).Contiguous();
        index.Device.Scatter(slots, IndexedAxis.Rows(index.Shape, 0, order), order, numbers, accumulate: false);
        return new(shape, indices, IndexSum.Of(rows, new Shape(indices.Shape[0], shape[1]), 0, slots));
    }

    /// <summary>Returns the sum of both.</summary>
    internal SparseGradient Plus(SparseGradient other)
        => Sum(Shape, Tensor.Cat([Indices, other.Indices]), Tensor.Cat([Values, other.Values]));

    /// <summary>Returns the same rows in memory of their own.</summary>
    internal SparseGradient Copy() => new(Shape, Indices, Values.CopyDense());

    /// <summary>Adds the rows to a dense tensor in place.</summary>
    internal void AddTo(Tensor dense)
    {
        dense.Device.Scatter(dense, IndexedAxis.Rows(Shape, 0, Indices), Indices, Values.Contiguous(), accumulate: true);
        dense.MarkChanged();
    }
}

namespace DeepNet;

public sealed partial class SparseGradient
{
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
            index.Kernels.Copy(differs, isFirst.Narrow(0, 1, count - 1));
        }
        var indices = IndexSelect.OfChecked(sorted, 0, Ops.Indices.Positions(isFirst));
        var slots = Tensor.Allocate(index.Shape, DType.Int64, index.Device);
        var numbers = (isFirst.To(DType.Int64).CumSum(0) - 1).Contiguous();
        index.Kernels.Scatter(slots, IndexedAxis.Rows(index.Shape, 0, order), order, numbers, accumulate: false);
        return new(shape, indices, IndexSum.Of(rows, new Shape(indices.Shape[0], shape[1]), 0, slots));
    }
}

namespace DeepNet.Ops;

/// <summary>
/// The distinct elements, sorted, or the distinct parts along an axis, in the order of their elements. NaN equals nothing: each is kept.
/// </summary>
internal static class Unique
{
    public static (Tensor Values, Tensor Inverse, Tensor Counts) Of(Tensor x, int? axis, bool isCounted)
    {
        using var off = GradSwitch.Off();
        int at = axis is { } given ? Axis.Normalize("unique", given, x.Shape) : 0;
        x = x.Detach();
        var from = axis is null ? x.Reshape([checked((int)x.Count)]) : x;
        int n = from.Shape[at];
        Tensor order, differs;
        if (from.Rank == 1)
        {
            (var sorted, order) = Sorting.Sort(from, 0, isDescending: false);
            differs = n == 0 ? sorted.IsNaN() : sorted.Narrow(0, 1, n - 1).NotEqual(sorted.Narrow(0, 0, n - 1));
        }
        else
        {
            var rows = from.MoveAxis(at, 0).Reshape([n, n == 0 ? 0 : checked((int)(from.Count / n))]);
            order = Indices.Count(n, x.Device);
            // Stable sorts from the last column to the first.
            for (int column = rows.Shape[1] - 1; column >= 0; column--)
                order = order.Take(Sorting.ArgSort("unique", rows.Select(1, column).Take(order), 0, isDescending: false));
            var sorted = rows.IndexSelect(0, order);
            differs = n == 0 ? order.IsNaN() : sorted.Narrow(0, 1, n - 1).NotEqual(sorted.Narrow(0, 0, n - 1)).Any(1);
        }
        var begins = n == 0 ? differs : Tensor.Cat([Tensor.Ones(new Shape(1), DType.Bool, x.Device), differs]);
        var starts = Indices.Positions(begins);
        var values = from.IndexSelect(at, order.Take(starts));
        if (!isCounted) return (values, order, order);
        var inverse = Tensor.EmptyLike(order).Scatter(0, order, begins.CumSum(0) - 1);
        var counts = Tensor.Cat([starts, Tensor.Full(new Shape(1), n, DType.Int64, x.Device)]).Diff();
        return (values, axis is null ? inverse.Reshape(x.Shape.Axes) : inverse, counts);
    }
}

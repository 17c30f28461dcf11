namespace DeepNet.Ops;

/// <summary>
/// The most frequent element along an axis, the smallest of several, and its last place. NaN equals nothing, so it is the mode only of
/// elements that are all NaN.
/// </summary>
internal sealed class Mode : ISampled
{
    private Mode() { }

    public static (Tensor Values, Tensor Indices) Of(Tensor x, int axis, bool keepDim)
    {
        axis = Axis.Normalize("mode", axis, x.Shape);
        Reduction.RequireElements("mode", x.Shape, 1u << axis);
        Tensor places;
        using (GradSwitch.Off())
        {
            var (sorted, order) = Sorting.Sort(x, axis, isDescending: false);
            int n = x.Shape[axis];
            Span<int> along = stackalloc int[x.Rank];
            along.Fill(1);
            along[axis] = n;
            var counted = Indices.Count(n, x.Device).Reshape(along);
            // Runs of equal elements begin where one differs from that before; the first longest one ends where it is longest.
            var begins = sorted.Narrow(axis, 1, n - 1).NotEqual(sorted.Narrow(axis, 0, n - 1)).To(DType.Int64);
            var starts = Tensor.Cat([Tensor.ZerosLike(order.Narrow(axis, 0, 1)), begins * counted.Narrow(axis, 1, n - 1)], axis);
            starts = starts.CumMax(axis).Values;
            places = order.Gather(axis, (counted - starts).ArgMax(axis, keepDim: true));
        }
        return OrderStatistics.At(x, axis, places, keepDim);
    }

    public static IEnumerable<Sample> Samples =>
    [
        new("of distinct elements", x => x[0].Mode(1).Values.Square(), Sample.Values(2, 4)),
        new("of columns, kept", x => x[0].Mode(0, keepDim: true).Values, Sample.Values(3, 2)),
    ];
}

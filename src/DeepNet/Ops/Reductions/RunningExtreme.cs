namespace DeepNet.Ops;

/// <summary>
/// The largest or smallest element up to each one along an axis, and where it is. Of equal ones the last; NaN beats all numbers, so from
/// the first one on everything is NaN.
/// </summary>
internal sealed class RunningExtreme : ISampled
{
    private RunningExtreme() { }

    public static (Tensor Values, Tensor Indices) Of(string op, Tensor x, int axis, bool isLargest)
    {
        axis = Axis.Normalize(op, axis, x.Shape);
        x = x.To(DTypes.Compute(x.DType));
        var places = Tensor.Allocate(x.Shape, DType.Int64, x.Device);
        using (GradSwitch.Off())
        {
            var dense = x.Contiguous();
            ComposedSearcher.Of(x.Device).RunningExtreme(dense, places, axis, isLargest);
            dense.EndRead(op);
        }
        return (Gather.OfChecked(x, axis, places), places);
    }

    public static IEnumerable<Sample> Samples =>
    [
        new("running maximum", x => x[0].CumMax(1).Values, Sample.Values(2, 5)),
        new("running minimum of columns, nonlinear", x => x[0].CumMin(0).Values.Square(), Sample.Values(5, 2)),
    ];
}

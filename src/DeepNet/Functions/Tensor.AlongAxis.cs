using DeepNet.Ops;

namespace DeepNet;

// What keeps the shape but looks along an axis.
public sealed partial class Tensor
{
    /// <summary>eˣ / Σ eˣ along an axis: positive numbers that sum to 1. Nothing overflows; a row of −∞ only is NaN.</summary>
    public Tensor Softmax(int axis) => Ops.Softmax.Of(this, axis);

    /// <summary>x − ln Σ eˣ along an axis: the logarithm of <see cref="Softmax"/>, without its loss for small probabilities.</summary>
    public Tensor LogSoftmax(int axis) => Ops.LogSoftmax.Of(this, axis);

    /// <summary>
    /// Divides the vectors along an axis by their p-norms, so that these become 1; shorter ones than epsilon by epsilon.
    /// </summary>
    public Tensor Normalize(double p = 2, int axis = -1, double epsilon = 1e-12) => Direction.Of(this, p, axis, epsilon);

    /// <summary>The running sum along an axis; of integers and bools as int64.</summary>
    public Tensor CumSum(int axis) => Recurrence.Sum(this, axis);

    /// <summary>The running product along an axis; of integers and bools as int64.</summary>
    public Tensor CumProd(int axis) => Recurrence.Product(this, axis);

    /// <summary>
    /// The largest element up to each one along an axis, and where it is (int64): the last of equals. From the first NaN on, NaN.
    /// </summary>
    public (Tensor Values, Tensor Indices) CumMax(int axis) => RunningExtreme.Of("cum_max", this, axis, isLargest: true);

    /// <summary>
    /// The smallest element up to each one along an axis, and where it is (int64): the last of equals. From the first NaN on, NaN.
    /// </summary>
    public (Tensor Values, Tensor Indices) CumMin(int axis) => RunningExtreme.Of("cum_min", this, axis, isLargest: false);

    /// <summary>
    /// The differences of neighbours along an axis, which is as much shorter; of bools, whether they differ. Of a higher order, the
    /// differences of differences.
    /// </summary>
    public Tensor Diff(int order = 1, int axis = -1)
    {
        axis = Axis.Normalize("diff", axis, Shape);
        ArgumentOutOfRangeException.ThrowIfNegative(order);
        var x = this;
        for (int i = 0; i < order; i++)
        {
            int n = Math.Max(0, x.Shape[axis] - 1), start = Math.Min(1, x.Shape[axis]);
            Tensor later = x.Narrow(axis, start, n), earlier = x.Narrow(axis, 0, n);
            x = DType == DType.Bool ? later ^ earlier : later - earlier;
        }
        return order == 0 ? Clone() : x;
    }
}

using DeepNet.Ops;

namespace DeepNet;

// What keeps the shape but looks along an axis.
public sealed partial class Tensor
{
    /// <summary>eˣ / Σ eˣ along an axis: positive numbers that sum to 1. Nothing overflows; a row of −∞ only is NaN.</summary>
    public Tensor Softmax(int axis) => Ops.Softmax.Of(this, axis);

    /// <summary>x − ln Σ eˣ along an axis: the logarithm of <see cref="Softmax"/>, without its loss for small probabilities.</summary>
    public Tensor LogSoftmax(int axis) => Ops.LogSoftmax.Of(this, axis);

    /// <summary>The running sum along an axis; of integers and bools as int64.</summary>
    public Tensor CumSum(int axis) => Recurrence.Sum(this, axis);

    /// <summary>The running product along an axis; of integers and bools as int64.</summary>
    public Tensor CumProd(int axis) => Recurrence.Product(this, axis);
}

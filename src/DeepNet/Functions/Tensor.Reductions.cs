namespace DeepNet;

// Reductions to numbers, over all axes, one or several. With keepDim a reduced axis stays, with length 1.
public sealed partial class Tensor
{
    /// <summary>The sum of all elements: of integers and bools as int64, 0 of none.</summary>
    public Tensor Sum() => Ops.Sum.Of(this, Axis.Mask("sum", [], Shape), keepDim: false);

    /// <summary>The sum along an axis.</summary>
    public Tensor Sum(int axis, bool keepDim = false) => Ops.Sum.Of(this, Reduction.Mask("sum", axis, Shape), keepDim);

    /// <summary>The sum over several axes; over all if none is named.</summary>
    public Tensor Sum(ReadOnlySpan<int> axes, bool keepDim = false) => Ops.Sum.Of(this, Axis.Mask("sum", axes, Shape), keepDim);

    /// <summary>The mean of all elements; NaN of none.</summary>
    public Tensor Mean() => Ops.Mean.Of(this, Axis.Mask("mean", [], Shape), keepDim: false);

    /// <summary>The mean along an axis.</summary>
    public Tensor Mean(int axis, bool keepDim = false) => Ops.Mean.Of(this, Reduction.Mask("mean", axis, Shape), keepDim);

    /// <summary>The mean over several axes; over all if none is named.</summary>
    public Tensor Mean(ReadOnlySpan<int> axes, bool keepDim = false) => Ops.Mean.Of(this, Axis.Mask("mean", axes, Shape), keepDim);

    /// <summary>The product of all elements: of integers and bools as int64, 1 of none.</summary>
    public Tensor Prod() => Ops.Prod.Of(this, Axis.Mask("prod", [], Shape), keepDim: false);

    /// <summary>The product along an axis.</summary>
    public Tensor Prod(int axis, bool keepDim = false) => Ops.Prod.Of(this, Reduction.Mask("prod", axis, Shape), keepDim);

    /// <summary>The product over several axes; over all if none is named.</summary>
    public Tensor Prod(ReadOnlySpan<int> axes, bool keepDim = false) => Ops.Prod.Of(this, Axis.Mask("prod", axes, Shape), keepDim);

    /// <summary>The largest element; NaN if there is one. Equal ones share the gradient evenly.</summary>
    public Tensor Max() => Extreme.Max(this, Axis.Mask("max", [], Shape), keepDim: false);

    /// <summary>The largest elements along an axis. Where they are: <see cref="MaxWithIndices"/>.</summary>
    public Tensor Max(int axis, bool keepDim = false) => Extreme.Max(this, Reduction.Mask("max", axis, Shape), keepDim);

    /// <summary>The largest elements over several axes; over all if none is named.</summary>
    public Tensor Max(ReadOnlySpan<int> axes, bool keepDim = false) => Extreme.Max(this, Axis.Mask("max", axes, Shape), keepDim);

    /// <summary>The smallest element; NaN if there is one. Equal ones share the gradient evenly.</summary>
    public Tensor Min() => Extreme.Min(this, Axis.Mask("min", [], Shape), keepDim: false);

    /// <summary>The smallest elements along an axis. Where they are: <see cref="MinWithIndices"/>.</summary>
    public Tensor Min(int axis, bool keepDim = false) => Extreme.Min(this, Reduction.Mask("min", axis, Shape), keepDim);

    /// <summary>The smallest elements over several axes; over all if none is named.</summary>
    public Tensor Min(ReadOnlySpan<int> axes, bool keepDim = false) => Extreme.Min(this, Axis.Mask("min", axes, Shape), keepDim);

    /// <summary>
    /// The variance of all elements: squared distances from the mean, summed and divided by n − correction. With 1, the default, it is
    /// unbiased, and NaN for a single element.
    /// </summary>
    public Tensor Var(double correction = 1) => Variance.Of(this, Axis.Mask("var", [], Shape), correction, keepDim: false);

    /// <summary>The variance along an axis; see <see cref="Var(double)"/>.</summary>
    public Tensor Var(int axis, bool keepDim = false, double correction = 1)
        => Variance.Of(this, Reduction.Mask("var", axis, Shape), correction, keepDim);

    /// <summary>The variance over several axes; over all if none is named. See <see cref="Var(double)"/>.</summary>
    public Tensor Var(ReadOnlySpan<int> axes, bool keepDim = false, double correction = 1)
        => Variance.Of(this, Axis.Mask("var", axes, Shape), correction, keepDim);

    /// <summary>
    /// The standard deviation of all elements: the root of <see cref="Var(double)"/>. Where it is zero, so is its gradient.
    /// </summary>
    public Tensor Std(double correction = 1)
        => Variance.Of(this, Axis.Mask("std", [], Shape), correction, keepDim: false).Apply(new Root(2));

    /// <summary>The standard deviation along an axis.</summary>
    public Tensor Std(int axis, bool keepDim = false, double correction = 1)
        => Variance.Of(this, Reduction.Mask("std", axis, Shape), correction, keepDim).Apply(new Root(2));

    /// <summary>The standard deviation over several axes; over all if none is named.</summary>
    public Tensor Std(ReadOnlySpan<int> axes, bool keepDim = false, double correction = 1)
        => Variance.Of(this, Axis.Mask("std", axes, Shape), correction, keepDim).Apply(new Root(2));

    /// <summary>ln Σ eˣ of all elements, with no overflow; −∞ of none.</summary>
    public Tensor LogSumExp() => Ops.LogSumExp.Of(this, Axis.Mask("log_sum_exp", [], Shape), keepDim: false);

    /// <summary>ln Σ eˣ along an axis.</summary>
    public Tensor LogSumExp(int axis, bool keepDim = false) => Ops.LogSumExp.Of(this, Reduction.Mask("log_sum_exp", axis, Shape), keepDim);

    /// <summary>ln Σ eˣ over several axes; over all if none is named.</summary>
    public Tensor LogSumExp(ReadOnlySpan<int> axes, bool keepDim = false)
        => Ops.LogSumExp.Of(this, Axis.Mask("log_sum_exp", axes, Shape), keepDim);

    /// <summary>
    /// The entropy −Σ p·ln p of the distributions along an axis, in nats. Where p is 0 the term and its gradient are 0; NaN for negative
    /// numbers.
    /// </summary>
    public Tensor Entropy(int axis, bool keepDim = false) => Ops.Entropy.Of(this, axis, keepDim);

    /// <summary>
    /// The p-norm of all elements, (Σ |x|ᵖ)^(1/p): for p = 0 how many are not zero, for ±∞ the largest or smallest magnitude.
    /// </summary>
    public Tensor Norm(double p = 2) => Ops.Norm.Of(this, p, Axis.Mask("norm", [], Shape), keepDim: false);

    /// <summary>The p-norm along an axis; see <see cref="Norm(double)"/>.</summary>
    public Tensor Norm(double p, int axis, bool keepDim = false) => Ops.Norm.Of(this, p, Reduction.Mask("norm", axis, Shape), keepDim);

    /// <summary>The p-norm over several axes, together; over all if none is named. See <see cref="Norm(double)"/>.</summary>
    public Tensor Norm(double p, ReadOnlySpan<int> axes, bool keepDim = false)
        => Ops.Norm.Of(this, p, Axis.Mask("norm", axes, Shape), keepDim);

    /// <summary>The sum of all elements that are not NaN.</summary>
    public Tensor NanSum() => Ops.NanSum.Of(this, Axis.Mask("nan_sum", [], Shape), keepDim: false);

    /// <summary>The sum along an axis of what is not NaN.</summary>
    public Tensor NanSum(int axis, bool keepDim = false) => Ops.NanSum.Of(this, Reduction.Mask("nan_sum", axis, Shape), keepDim);

    /// <summary>The sum over several axes of what is not NaN; over all if none is named.</summary>
    public Tensor NanSum(ReadOnlySpan<int> axes, bool keepDim = false) => Ops.NanSum.Of(this, Axis.Mask("nan_sum", axes, Shape), keepDim);

    /// <summary>The mean of all elements that are not NaN; NaN if there are none.</summary>
    public Tensor NanMean() => Ops.NanSum.Mean(this, Axis.Mask("nan_mean", [], Shape), keepDim: false);

    /// <summary>The mean along an axis of what is not NaN.</summary>
    public Tensor NanMean(int axis, bool keepDim = false) => Ops.NanSum.Mean(this, Reduction.Mask("nan_mean", axis, Shape), keepDim);

    /// <summary>The mean over several axes of what is not NaN; over all if none is named.</summary>
    public Tensor NanMean(ReadOnlySpan<int> axes, bool keepDim = false)
        => Ops.NanSum.Mean(this, Axis.Mask("nan_mean", axes, Shape), keepDim);
}

namespace DeepNet;

// Reductions of conditions.
public sealed partial class Tensor
{
    /// <summary>True if all elements are true, or not zero; true of none. A bool tensor.</summary>
    public Tensor All() => Truth.Of<Smallest>(this, Axis.Mask("all", [], Shape), keepDim: false);

    /// <summary>Along an axis: whether all elements are true, or not zero.</summary>
    public Tensor All(int axis, bool keepDim = false) => Truth.Of<Smallest>(this, Reduction.Mask("all", axis, Shape), keepDim);

    /// <summary>Over several axes, or all if none is named: whether all elements are true, or not zero.</summary>
    public Tensor All(ReadOnlySpan<int> axes, bool keepDim = false) => Truth.Of<Smallest>(this, Axis.Mask("all", axes, Shape), keepDim);

    /// <summary>True if some element is true, or not zero; false of none. A bool tensor.</summary>
    public Tensor Any() => Truth.Of<Largest>(this, Axis.Mask("any", [], Shape), keepDim: false);

    /// <summary>Along an axis: whether some element is true, or not zero.</summary>
    public Tensor Any(int axis, bool keepDim = false) => Truth.Of<Largest>(this, Reduction.Mask("any", axis, Shape), keepDim);

    /// <summary>Over several axes, or all if none is named: whether some element is true, or not zero.</summary>
    public Tensor Any(ReadOnlySpan<int> axes, bool keepDim = false) => Truth.Of<Largest>(this, Axis.Mask("any", axes, Shape), keepDim);

    /// <summary>Counts the elements that are not zero, as int64.</summary>
    public Tensor CountNonZero() => Ops.Sum.Of(Truth.Of(this), Axis.Mask("count_non_zero", [], Shape), keepDim: false);

    /// <summary>Counts the elements along an axis that are not zero.</summary>
    public Tensor CountNonZero(int axis, bool keepDim = false)
        => Ops.Sum.Of(Truth.Of(this), Reduction.Mask("count_non_zero", axis, Shape), keepDim);

    /// <summary>Counts the elements over several axes that are not zero; over all axes if none is named.</summary>
    public Tensor CountNonZero(ReadOnlySpan<int> axes, bool keepDim = false)
        => Ops.Sum.Of(Truth.Of(this), Axis.Mask("count_non_zero", axes, Shape), keepDim);

    /// <summary>
    /// Tests where two tensors are close: |a − b| ≤ absolute + relative·|b|, with broadcasting. Equal infinities are; NaN only with
    /// <paramref name="equalNan"/>.
    /// </summary>
    public Tensor IsClose(Tensor other, double relative = 1e-5, double absolute = 1e-8, bool equalNan = false)
        => Closeness.Of(this, other, relative, absolute, equalNan);

    /// <summary>True if all elements of two tensors are close, as <see cref="IsClose"/> says.</summary>
    public bool AllClose(Tensor other, double relative = 1e-5, double absolute = 1e-8, bool equalNan = false)
        => IsClose(other, relative, absolute, equalNan).All().Item<bool>();

    /// <summary>
    /// True if two tensors have the same shape and equal elements, whatever their types. NaN equals NaN only with
    /// <paramref name="equalNan"/>.
    /// </summary>
    public bool ArrayEqual(Tensor other, bool equalNan = false) => Closeness.IsEqual(this, other, equalNan);
}

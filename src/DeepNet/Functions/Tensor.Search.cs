namespace DeepNet;

// Places among sorted numbers, and distinct elements. None of it has a gradient.
public sealed partial class Tensor
{
    /// <summary>
    /// The places, as int64, at which values would be inserted into this vector of rising numbers; or each row of values into the row of
    /// the same leading position.
    /// </summary>
    /// <param name="values">The values. NaN goes behind all numbers.</param>
    /// <param name="right">Whether a value goes behind the numbers that equal it, instead of before them.</param>
    public Tensor SearchSorted(Tensor values, bool right = false)
    {
        ArgumentNullException.ThrowIfNull(values);
        return SortedSearch.Of("search_sorted", this, values, right);
    }

    /// <summary>
    /// The number, as int64, of the interval between rising boundaries that each element is in: 0 before the first one. A boundary belongs
    /// to the interval that it ends, or with <paramref name="right"/> to the one that it begins.
    /// </summary>
    public Tensor Bucketize(Tensor boundaries, bool right = false)
    {
        ArgumentNullException.ThrowIfNull(boundaries);
        if (boundaries.Rank != 1) throw new ArgumentException(
            $"[bucketize] boundaries of shape {boundaries.Shape}: they must have one axis. For rows of them use SearchSorted.");
        return SortedSearch.Of("bucketize", boundaries, this, right);
    }

    /// <summary>The distinct elements as a sorted vector. NaN equals nothing, so that each is kept.</summary>
    public Tensor Unique() => Ops.Unique.Of(this, null, isCounted: false).Values;

    /// <summary>The distinct parts along an axis, as of rows for axis 0, in the order of their elements.</summary>
    public Tensor Unique(int axis) => Ops.Unique.Of(this, axis, isCounted: false).Values;

    /// <summary>
    /// The distinct elements as a sorted vector; for each element where it is in there, in the tensor's shape; and how often each occurs.
    /// </summary>
    public (Tensor Values, Tensor Inverse, Tensor Counts) UniqueWithCounts() => Ops.Unique.Of(this, null, isCounted: true);

    /// <summary>
    /// The distinct parts along an axis, in the order of their elements; for each part where it is in there; and how often each occurs.
    /// </summary>
    public (Tensor Values, Tensor Inverse, Tensor Counts) UniqueWithCounts(int axis) => Ops.Unique.Of(this, axis, isCounted: true);
}

namespace DeepNet;

// Orders, and places of extremes, along an axis. NaN counts as the largest number, and for the smallest too where it is looked for.
public sealed partial class Tensor
{
    /// <summary>
    /// The largest elements along an axis and where they are (int64, the first of equals). The gradient goes to these elements alone.
    /// </summary>
    public (Tensor Values, Tensor Indices) MaxWithIndices(int axis, bool keepDim = false)
        => Sorting.WithIndices("max", this, axis, isLargest: true, keepDim);

    /// <summary>
    /// The smallest elements along an axis and where they are (int64, the first of equals). The gradient goes to these elements alone.
    /// </summary>
    public (Tensor Values, Tensor Indices) MinWithIndices(int axis, bool keepDim = false)
        => Sorting.WithIndices("min", this, axis, isLargest: false, keepDim);

    /// <summary>Returns the row-major position of the largest element, as int64: the first of equals, or the first NaN.</summary>
    public Tensor ArgMax() => Sorting.ArgExtreme("arg_max", this, isLargest: true);

    /// <summary>Returns the positions of the largest elements along an axis, as int64: the first of equals, or the first NaN.</summary>
    public Tensor ArgMax(int axis, bool keepDim = false) => Sorting.ArgExtreme("arg_max", this, axis, isLargest: true, keepDim);

    /// <summary>Returns the row-major position of the smallest element, as int64: the first of equals, or the first NaN.</summary>
    public Tensor ArgMin() => Sorting.ArgExtreme("arg_min", this, isLargest: false);

    /// <summary>Returns the positions of the smallest elements along an axis, as int64: the first of equals, or the first NaN.</summary>
    public Tensor ArgMin(int axis, bool keepDim = false) => Sorting.ArgExtreme("arg_min", this, axis, isLargest: false, keepDim);

    /// <summary>
    /// The elements sorted along an axis, and where each was (int64). Stable; NaN is the largest. The gradient goes back to where an
    /// element came from.
    /// </summary>
    public (Tensor Values, Tensor Indices) Sort(int axis = -1, bool descending = false) => Sorting.Sort(this, axis, descending);

    /// <summary>The order that would sort the elements along an axis: an int64 tensor. Stable; NaN is the largest.</summary>
    public Tensor ArgSort(int axis = -1, bool descending = false) => Sorting.ArgSort("arg_sort", this, axis, descending);

    /// <summary>
    /// The k largest (or smallest) elements along an axis, from the most extreme on, and where they are (int64); of equal ones the first.
    /// </summary>
    public (Tensor Values, Tensor Indices) TopK(int k, int axis = -1, bool largest = true) => Sorting.TopK(this, k, axis, largest);
}

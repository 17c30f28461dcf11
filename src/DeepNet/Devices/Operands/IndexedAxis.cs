namespace DeepNet.Devices;

/// <summary>
/// One axis of a dense tensor (outer, length, inner) and how an index lies over it: of shape (outer, count, inner), it chooses elements; of
/// shape (count), it chooses rows, which are the same at each outer position.
/// </summary>
/// <param name="Outer">The length of the axes before it.</param>
/// <param name="Length">The length of the axis.</param>
/// <param name="Inner">The length of the axes behind it.</param>
/// <param name="Count">How many indices lie along the axis.</param>
/// <param name="IsOfRows">True if an index chooses a row.</param>
public readonly record struct IndexedAxis(nint Outer, nint Length, nint Inner, nint Count, bool IsOfRows)
{
    /// <summary>An index of one axis that chooses rows.</summary>
    public static IndexedAxis Rows(Shape shape, int axis, Tensor index) => Of(shape, axis, index.Count, isOfRows: true);

    /// <summary>An index of the tensor's shape, but for its length along the axis, that chooses elements.</summary>
    public static IndexedAxis Elements(Shape shape, int axis, Tensor index) => Of(shape, axis, index.Shape[axis], isOfRows: false);

    private static IndexedAxis Of(Shape shape, int axis, nint count, bool isOfRows)
    {
        var (outer, length, inner) = AlongAxis.Of(shape, axis);
        return new(outer, length, inner, count, isOfRows);
    }
}

namespace DeepNet.Devices;

/// <summary>A device with kernels for ranks, running extremes and places in sorted rows; on others they are composed.</summary>
internal interface ISearcher
{
    /// <summary>
    /// The places (int64) of the elements of given ranks in the order of <see cref="Device.Sort"/>, for each row (the last axis):
    /// places[o, i] is of rank ranks[i]. Ranks rise. Both dense.
    /// </summary>
    void PlacesOfRanks(Tensor x, ReadOnlySpan<int> ranks, Tensor places);

    /// <summary>
    /// The place along an axis (int64) of the largest or smallest element up to each one: the last of equals, and of NaN, which beats all
    /// numbers. Both dense.
    /// </summary>
    void RunningExtreme(Tensor x, Tensor places, int axis, bool isLargest);

    /// <summary>
    /// Where each value would be inserted into its row of rising numbers (int64): before the first that is not less, or, to the right,
    /// before the first that is greater; NaN after all. All dense; one row for all values, or the leading axes are the same.
    /// </summary>
    void SearchSorted(Tensor sorted, Tensor values, Tensor places, bool isRight);
}

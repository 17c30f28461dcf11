namespace DeepNet.Ops;

/// <summary>
/// The number of true elements over any axes, as int64. Counts the bools as they are: as integers they would take eight times the memory.
/// </summary>
internal static class CountTrue
{
    private const int Run = 128;

    public static Tensor Of(Tensor x, uint mask, bool keepDim)
    {
        if (mask == 0) return x.To(DType.Int64);
        var result = Axis.Reduced(x.Shape, mask, keepDim);
        if (x.Count == 0) return Tensor.Zeros(result, DType.Int64, x.Device);
        if (!x.IsContiguous)
        {
            // A transposed tensor is read in the order of memory.
            int[] order = [.. Enumerable.Range(0, x.Rank).OrderByDescending(axis => x.Strides[axis])], back = new int[x.Rank];
            uint moved = 0;
            for (int i = 0; i < order.Length; i++)
            {
                back[order[i]] = i;
                moved |= (mask >> order[i] & 1) << i;
            }
            var dense = x.Permute(order);
            if (dense.IsContiguous) return Of(dense, moved, keepDim: true).Permute(back).Reshape(result.Axes);
        }
        // The last marked axes that are next to each other are counted in runs, and the rest is a sum of integers.
        int end = x.Rank;
        while ((mask >> (end - 1) & 1) == 0) end--;
        int start = end - 1;
        while (start > 0 && (mask >> (start - 1) & 1) != 0) start--;
        nint length = 1, inner = 1;
        for (int i = start; i < end; i++) length *= x.Shape[i];
        for (int i = end; i < x.Rank; i++) inner *= x.Shape[i];
        int runs = checked((int)((length - 1) / Run + 1));
        var counts = Tensor.Allocate(new Shape([.. x.Shape.Axes[..start], runs, .. x.Shape.Axes[end..]]), DType.Int64, x.Device);
        x.Device.CountRuns(x.Contiguous(), length, inner, Run, counts);
        uint rest = (mask & ((1u << start) - 1)) | (runs > 1 ? 1u << start : 0);
        if (rest != 0) counts = Reduction.Run(new Identity(), new AddUp(), counts, rest, keepDim: true);
        return counts.View(result, result.RowMajor, counts.Offset);
    }
}

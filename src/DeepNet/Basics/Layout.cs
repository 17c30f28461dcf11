namespace DeepNet;

/// <summary>Questions about shapes and strides.</summary>
internal static class Layout
{
    /// <summary>
    /// True if the strides are those of dense row-major order; axes of length 1 may have any stride, and an empty tensor too.
    /// </summary>
    public static bool IsRowMajor(Shape shape, ReadOnlySpan<nint> strides)
    {
        if (shape.Count == 0) return true;
        for (int i = 0; i < shape.Rank; i++)
            if (shape[i] != 1 && strides[i] != shape.RowMajor[i]) return false;
        return true;
    }

    /// <summary>True if two places may be one element in memory: sorted by stride, an axis does not step over all of those below
    /// it.</summary>
    public static bool Overlaps(Shape shape, ReadOnlySpan<nint> strides)
    {
        if (shape.Count < 2) return false;
        Span<nint> steps = stackalloc nint[Shape.MaxRank];
        Span<int> lengths = stackalloc int[Shape.MaxRank];
        int rank = 0;
        for (int i = 0; i < shape.Rank; i++)
        {
            if (shape[i] == 1) continue;
            steps[rank] = Math.Abs(strides[i]);
            lengths[rank++] = shape[i];
        }
        steps[..rank].Sort(lengths[..rank]);
        nint reach = 0;
        for (int i = 0; i < rank; i++)
        {
            if (steps[i] <= reach) return true;
            reach += steps[i] * (lengths[i] - 1);
        }
        return false;
    }

    /// <summary>
    /// The strides that show the elements under another shape without moving them, if there are any.
    /// </summary>
    public static bool TryReshape(Shape from, ReadOnlySpan<nint> strides, Shape to, Span<nint> result)
    {
        if (from.Count == 0)
        {
            to.RowMajor.CopyTo(result);
            return true;
        }
        // Walk both shapes from the back in groups of equal element count; within a group the source must be one even run.
        int i = from.Rank - 1, j = to.Rank - 1;
        while (i >= 0 || j >= 0)
        {
            while (i >= 0 && from[i] == 1) i--;
            if (i < 0)
            {
                for (; j >= 0; j--) result[j] = 1;      // only ones are left on the other side
                break;
            }
            nint step = strides[i], have = from[i], want = 1;
            int runEnd = i;
            while (true)
            {
                if (want < have)
                {
                    if (j < 0) return false;
                    result[j] = want * step;
                    want *= to[j];
                    j--;
                }
                else if (want > have)
                {
                    int next = runEnd - 1;
                    while (next >= 0 && from[next] == 1) next--;
                    if (next < 0 || strides[next] != step * have) return false;
                    have *= from[next];
                    runEnd = next;
                }
                else
                {
                    break;
                }
            }
            i = runEnd - 1;
        }
        return true;
    }
}

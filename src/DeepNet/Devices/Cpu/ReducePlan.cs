namespace DeepNet.Devices.Cpu;

/// <summary>
/// The axes of a dense tensor as a reduction sees them: neighbours that are both kept or both reduced are one, and axes of
/// length 1 are none. What is left alternates.
/// </summary>
internal unsafe struct ReducePlan
{
    private fixed long lengths[Shape.MaxRank];
    private int count;
    private bool isLastReduced;

    public ReducePlan(Shape from, Shape to)
    {
        bool isEverything = to.Count == 1;
        for (int axis = 0; axis < from.Rank; axis++)
            if (from[axis] != 1) Add(from[axis], isEverything || to[axis] == 1);
    }

    private void Add(long length, bool isReduced)
    {
        if (count == 0 || isLastReduced != isReduced) lengths[count++] = 1;
        lengths[count - 1] *= length;
        isLastReduced = isReduced;
    }

    /// <summary>Takes the last reduced group out: it lies between so many outer and inner elements. False if there is none.</summary>
    public bool TryTakeLast(out nint outer, out nint length, out nint inner)
    {
        outer = length = inner = 1;
        int at = isLastReduced ? count - 1 : count - 2;
        if (at < 0) return false;
        length = (nint)lengths[at];
        for (int i = 0; i < at; i++) outer *= (nint)lengths[i];
        for (int i = at + 1; i < count; i++) inner *= (nint)lengths[i];
        // What was around it is kept, and becomes one group; in front of that, if anything, is a reduced one.
        if (at > 0) lengths[at - 1] *= inner;
        count = at > 0 ? at : 1;
        if (at == 0) lengths[0] = inner;
        isLastReduced = false;
        return true;
    }

    /// <summary>True if all that is to be done is to reduce the first and the last of three groups, and how long they are.</summary>
    public readonly bool IsEnds(out nint outer, out nint kept, out nint inner)
    {
        bool isEnds = isLastReduced && count == 3;
        (outer, kept, inner) = isEnds ? ((nint)lengths[0], (nint)lengths[1], (nint)lengths[2]) : (1, 1, 1);
        return isEnds;
    }

    /// <summary>True if some group is still to be reduced.</summary>
    public readonly bool HasMore => isLastReduced ? count > 0 : count > 1;
}

namespace DeepNet.Replay;

/// <summary>
/// Lays values that do not live at the same time into one piece of memory: the largest first, each at the lowest place that is free.
/// </summary>
internal static class MemoryPlan
{
    /// <summary>Places start at multiples of this: a line of caches, and what GPUs read at once.</summary>
    public const long Alignment = 256;

    /// <summary>Chooses the places of values.</summary>
    /// <param name="values">Of each value its first and last step and its bytes.</param>
    /// <param name="total">The bytes of the whole.</param>
    /// <returns>The place of each value.</returns>
    public static long[] Place(IReadOnlyList<(int First, int Last, long Bytes)> values, out long total)
    {
        var places = new long[values.Count];
        var placed = new List<int>();
        total = 0;
        foreach (int i in Enumerable.Range(0, values.Count).OrderByDescending(i => values[i].Bytes).ThenBy(i => values[i].First))
        {
            var (first, last, bytes) = values[i];
            bytes = Math.Max(Alignment, (bytes + Alignment - 1) / Alignment * Alignment);
            long at = 0;
            foreach (int other in placed.Where(o => values[o].First <= last && first <= values[o].Last).OrderBy(o => places[o]))
            {
                if (at + bytes <= places[other]) break;
                at = Math.Max(at, places[other] + (values[other].Bytes + Alignment - 1) / Alignment * Alignment);
            }
            places[i] = at;
            placed.Add(i);
            total = Math.Max(total, at + bytes);
        }
        return places;
    }
}

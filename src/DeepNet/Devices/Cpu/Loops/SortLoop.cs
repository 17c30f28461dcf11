namespace DeepNet.Devices.Cpu;

/// <summary>
/// Stable sorting of rows by keys: unsigned numbers in the order of the elements. Long rows go through one counting pass per
/// byte that differs, short ones are merged.
/// </summary>
internal static unsafe class SortLoop
{
    private const int RadixFrom = 256;

    /// <summary>A key and where its element was.</summary>
    public struct Entry<TKey> where TKey : unmanaged
    {
        public TKey Key;
        public int Place;
    }

    /// <summary>
    /// Sorts n entries; what is left in <paramref name="spare"/>, also n long, is undefined. Returns which of the two holds the result.
    /// </summary>
    public static Entry<TKey>* Sort<TKey>(Entry<TKey>* entries, Entry<TKey>* spare, int n)
        where TKey : unmanaged, IBinaryInteger<TKey>
        => n < RadixFrom ? Merge(entries, spare, n) : Radix(entries, spare, n);

    /// <summary>
    /// The k smallest of n keys in order, the first of equals before later ones: collects what beats the k-th best so far, and
    /// sorts whenever the workspace of <paramref name="entries"/>, 2·k, is full. The spare is as long.
    /// </summary>
    [MethodImpl(NoInlining | AggressiveOptimization)]
    public static Entry<TKey>* First<T, TKey, TKeys>(T* x, int n, int k, bool isDescending, Entry<TKey>* entries, Entry<TKey>* spare)
        where T : unmanaged where TKey : unmanaged, IBinaryInteger<TKey> where TKeys : struct, ISortKeys<T, TKey>
    {
        int count = 0;
        bool hasLimit = false;
        TKey limit = default;
        for (int i = 0; i < n; i++)
        {
            TKey key = TKeys.Key(x[i]);
            if (isDescending) key = ~key;
            if (hasLimit && key >= limit) continue; // an equal one that came first stays
            entries[count++] = new() { Key = key, Place = i };
            if (count < 2 * k) continue;
            Entry<TKey>* sorted = Sort(entries, spare, count);
            if (sorted != entries)
            {
                spare = entries;
                entries = sorted;
            }
            count = k;
            limit = entries[k - 1].Key;
            hasLimit = true;
        }
        return Sort(entries, spare, count);
    }

    [MethodImpl(NoInlining | AggressiveOptimization)]
    private static Entry<TKey>* Radix<TKey>(Entry<TKey>* from, Entry<TKey>* to, int n) where TKey : unmanaged, IBinaryInteger<TKey>
    {
        int* counts = stackalloc int[256];
        for (int shift = 0; shift < 8 * sizeof(TKey); shift += 8)
        {
            new Span<int>(counts, 256).Clear();
            for (int i = 0; i < n; i++) counts[Digit(from[i].Key, shift)]++;
            if (counts[Digit(from[0].Key, shift)] == n) continue; // all have the same byte here
            for (int digit = 0, start = 0; digit < 256; digit++)
            {
                int count = counts[digit];
                counts[digit] = start;
                start += count;
            }
            for (int i = 0; i < n; i++) to[counts[Digit(from[i].Key, shift)]++] = from[i];
            Entry<TKey>* done = to; // pointers make no tuples
            to = from;
            from = done;
        }
        return from;
    }

    [MethodImpl(AggressiveInlining)]
    private static int Digit<TKey>(TKey key, int shift) where TKey : unmanaged, IBinaryInteger<TKey>
        => int.CreateTruncating(key >> shift) & 255;

    [MethodImpl(NoInlining | AggressiveOptimization)]
    private static Entry<TKey>* Merge<TKey>(Entry<TKey>* from, Entry<TKey>* to, int n) where TKey : unmanaged, IBinaryInteger<TKey>
    {
        const int Run = 8;
        for (int start = 0; start < n; start += Run) Insert(from + start, Math.Min(Run, n - start));
        for (int width = Run; width < n; width *= 2)
        {
            for (int start = 0; start < n; start += 2 * width)
            {
                int i = start, middle = Math.Min(start + width, n), j = middle, end = Math.Min(start + 2 * width, n);
                for (int at = start; at < end; at++)
                    to[at] = j == end || (i < middle && from[i].Key <= from[j].Key) ? from[i++] : from[j++];
            }
            Entry<TKey>* done = to; // pointers make no tuples
            to = from;
            from = done;
        }
        return from;
    }

    [MethodImpl(AggressiveInlining)]
    private static void Insert<TKey>(Entry<TKey>* entries, int n) where TKey : unmanaged, IBinaryInteger<TKey>
    {
        for (int i = 1; i < n; i++)
        {
            var entry = entries[i];
            int at = i;
            for (; at > 0 && entries[at - 1].Key > entry.Key; at--) entries[at] = entries[at - 1];
            entries[at] = entry;
        }
    }
}

namespace DeepNet.Devices.Cpu;

/// <summary>
/// Finds the elements of given ranks in a row without sorting it: counts the keys by their upper 16 bits, and sorts only those that share
/// them with an element that is wanted.
/// </summary>
internal static unsafe class RankLoop
{
    private const int Bits = 16, Buckets = 1 << Bits, CountingFrom = 2048;

    /// <summary>The places of the elements of rising ranks in the stable order of a row of n elements.</summary>
    public static void Run<T, TKey, TKeys>(T* x, int n, ReadOnlySpan<int> ranks, long* places)
        where T : unmanaged where TKey : unmanaged, IBinaryInteger<TKey> where TKeys : struct, ISortKeys<T, TKey>
    {
        if (n < CountingFrom)
        {
            var all = (SortLoop.Entry<TKey>*)Scratch.Get((nint)2 * n * sizeof(SortLoop.Entry<TKey>));
            for (int i = 0; i < n; i++) all[i] = new() { Key = TKeys.Key(x[i]), Place = i };
            all = SortLoop.Sort(all, all + n, n);
            for (int i = 0; i < ranks.Length; i++) places[i] = all[ranks[i]].Place;
            return;
        }
        int* counts = (int*)Scratch.GetOuter((nint)Buckets * (sizeof(int) + 1));
        byte* wanted = (byte*)(counts + Buckets);
        new Span<byte>(counts, Buckets * (sizeof(int) + 1)).Clear();
        Count<T, TKey, TKeys>(x, n, counts);

        // Of a rank, what is left is the rank among the candidates: those of the buckets that hold wanted elements.
        Span<int> left = ranks.Length <= 64 ? stackalloc int[ranks.Length] : new int[ranks.Length];
        int below = 0, skipped = 0, candidates = 0;
        for (int bucket = 0, next = 0; next < ranks.Length; bucket++)
        {
            bool holds = false;
            for (; next < ranks.Length && ranks[next] < below + counts[bucket]; next++, holds = true) left[next] = ranks[next] - skipped;
            below += counts[bucket];
            if (holds) candidates += counts[bucket];
            else skipped += counts[bucket];
            wanted[bucket] = holds ? (byte)1 : (byte)0;
        }
        var entries = (SortLoop.Entry<TKey>*)Scratch.Get((nint)2 * (candidates + 1) * sizeof(SortLoop.Entry<TKey>));
        Collect<T, TKey, TKeys>(x, n, wanted, entries);
        entries = SortLoop.Sort(entries, entries + candidates + 1, candidates);
        for (int i = 0; i < ranks.Length; i++) places[i] = entries[left[i]].Place;
    }

    [MethodImpl(AggressiveInlining)]
    private static int Bucket<TKey>(TKey key) where TKey : unmanaged, IBinaryInteger<TKey>
        => int.CreateTruncating(key >> (8 * sizeof(TKey) - Bits));

    [MethodImpl(NoInlining | AggressiveOptimization)]
    private static void Count<T, TKey, TKeys>(T* x, int n, int* counts)
        where T : unmanaged where TKey : unmanaged, IBinaryInteger<TKey> where TKeys : struct, ISortKeys<T, TKey>
    {
        for (int i = 0; i < n; i++) counts[Bucket(TKeys.Key(x[i]))]++;
    }

    [MethodImpl(NoInlining | AggressiveOptimization)]
    private static void Collect<T, TKey, TKeys>(T* x, int n, byte* wanted, SortLoop.Entry<TKey>* entries)
        where T : unmanaged where TKey : unmanaged, IBinaryInteger<TKey> where TKeys : struct, ISortKeys<T, TKey>
    {
        // Written always, kept if wanted: there is nothing to foretell. One entry more than there are candidates is room for the last.
        for (int i = 0, at = 0; i < n; i++)
        {
            TKey key = TKeys.Key(x[i]);
            entries[at] = new() { Key = key, Place = i };
            at += wanted[Bucket(key)];
        }
    }
}

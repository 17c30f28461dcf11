namespace DeepNet.Devices.Cpu;

/// <summary>
/// The passes over a long row. How a sum is split follows from the row's length and the fold alone: a block of the row goes into a few
/// vectors of partial sums, and blocks are combined in pairs, or one after the other where the fold has fewer than four accumulators.
/// </summary>
[SkipLocalsInit]
internal static unsafe class RowLoop
{
    private const int BlockVectors = 128, BlockElements = 1024, MostWaiting = 48;

    /// <summary>The largest element; NaN is passed over.</summary>
    [MethodImpl(AggressiveInlining)]
    public static T Max<V, T>(T* x, nint n) where V : unmanaged, ISimd<V, T> where T : unmanaged
        => Fold<MaxFold, C2, V, T>(default, new() { X = x }, default, n).A;

    /// <summary>Folds a row. With <see cref="C1"/> for <typeparamref name="TKeep"/> the terms are stored in Y.</summary>
    [MethodImpl(AggressiveInlining)]
    public static RowSums<T> Fold<TFold, TKeep, V, T>(TFold fold, in RowPointers<T> at, in RowState<T> k, nint n)
        where TFold : unmanaged, IRowFold<TFold> where TKeep : unmanaged where V : unmanaged, ISimd<V, T> where T : unmanaged
    {
        if (default(TFold) is IOneAccumulator) return Pass<TFold, TKeep, C1, V, T>(fold, at, k, n, Prefix<T>.Ones);
        if (default(TFold) is ITwoAccumulators) return Pass<TFold, TKeep, C2, V, T>(fold, at, k, n, Prefix<T>.Ones);
        return Pass<TFold, TKeep, C4, V, T>(fold, at, k, n, Prefix<T>.Ones);
    }

    // A row of one block, as most are, needs nothing but registers.
    [MethodImpl(NoInlining | AggressiveOptimization)]
    private static RowSums<T> Pass<TFold, TKeep, TCount, V, T>(TFold fold, in RowPointers<T> at, in RowState<T> k, nint n, T* ones)
        where TFold : unmanaged, IRowFold<TFold> where TKeep : unmanaged where TCount : unmanaged where V : unmanaged, ISimd<V, T>
        where T : unmanaged
    {
        nint block = sizeof(TCount) == 4 ? BlockVectors * V.Lanes : BlockElements;
        if (n > block) return LongPass<TFold, TKeep, TCount, V, T>(fold, at, k, n, ones);
        RowPointers<T> p = at;
        Block<TFold, TKeep, TCount, V, T>(fold, p, Spread<V, T>(k), n, ones, out V a, out V b, out V c);
        return Across<TFold, V, T>(a, b, c);
    }

    // A method of its own, because what waits on the stack makes every call of it dearer.
    [MethodImpl(NoInlining | AggressiveOptimization)]
    private static RowSums<T> LongPass<TFold, TKeep, TCount, V, T>(TFold fold, in RowPointers<T> at, in RowState<T> k, nint n, T* ones)
        where TFold : unmanaged, IRowFold<TFold> where TKeep : unmanaged where TCount : unmanaged where V : unmanaged, ISimd<V, T>
        where T : unmanaged
    {
        // A binary counter of partial results: like sizes meet, as in pairwise summation, with a logarithm of them kept.
        RowSums<V>* waiting = stackalloc RowSums<V>[MostWaiting];
        RowState<V> state = Spread<V, T>(k);
        nint size = sizeof(TCount) == 4 ? BlockVectors * V.Lanes : BlockElements;
        int depth = 0;
        for (nint block = 0, from = 0; from < n; block++, from += size)
        {
            RowSums<V> sum = default;
            Block<TFold, TKeep, TCount, V, T>(fold, at.From(from), state, Math.Min(size, n - from), ones, out sum.A, out sum.B, out sum.C);
            if (sizeof(TCount) == 4)
                for (nint carry = block; (carry & 1) != 0; carry >>= 1) sum = Join<TFold, V>(waiting[--depth], sum);
            else if (block > 0)
                sum = Join<TFold, V>(waiting[--depth], sum);
            waiting[depth++] = sum;
        }
        RowSums<V> total = waiting[--depth];
        while (depth > 0) total = Join<TFold, V>(waiting[--depth], total);
        return Across<TFold, V, T>(total.A, total.B, total.C);
    }

    [MethodImpl(AggressiveInlining)]
    private static RowSums<V> Join<TFold, V>(in RowSums<V> a, in RowSums<V> b) where TFold : unmanaged, IRowFold<TFold> where V : INumber<V>
    {
        RowSums<V> sum = default;
        sum.A = TFold.Combine(a.A, b.A);
        if (default(TFold) is ITwoSums) sum.B = a.B + b.B;
        if (default(TFold) is IThreeSums) sum.C = a.C + b.C;
        return sum;
    }

    /// <summary>Combines the lanes of what a fold carries.</summary>
    [MethodImpl(AggressiveInlining)]
    public static RowSums<T> Across<TFold, V, T>(V a, V b, V c)
        where TFold : unmanaged, IRowFold<TFold> where V : unmanaged, ISimd<V, T> where T : unmanaged
    {
        RowSums<T> sums = default;
        sums.A = TFold.Across<V, T>(a);
        if (default(TFold) is ITwoSums) sums.B = V.Sum(b);
        if (default(TFold) is IThreeSums) sums.C = V.Sum(c);
        return sums;
    }

    // Accumulators are plain locals, three for each of up to four; those that a fold does not use vanish.
    [MethodImpl(AggressiveInlining)]
    private static void Block<TFold, TKeep, TCount, V, T>(
        TFold fold, in RowPointers<T> p, in RowState<V> k, nint n, T* ones, out V resultA, out V resultB, out V resultC)
        where TFold : unmanaged, IRowFold<TFold> where TKeep : unmanaged where TCount : unmanaged where V : unmanaged, ISimd<V, T>
        where T : unmanaged
    {
        V a0, b0, c0, a1, b1, c1, a2, b2, c2, a3, b3, c3;
        a0 = a1 = a2 = a3 = TFold.Neutral<V>();
        b0 = c0 = b1 = c1 = b2 = c2 = b3 = c3 = V.Constant(0);
        nint i = 0;
        if (sizeof(TCount) == 4)
            for (; i <= n - 4 * V.Lanes; i += 4 * V.Lanes)
            {
                Step<TFold, TKeep, V, T>(fold, p, i, k, ref a0, ref b0, ref c0);
                Step<TFold, TKeep, V, T>(fold, p, i + V.Lanes, k, ref a1, ref b1, ref c1);
                Step<TFold, TKeep, V, T>(fold, p, i + 2 * V.Lanes, k, ref a2, ref b2, ref c2);
                Step<TFold, TKeep, V, T>(fold, p, i + 3 * V.Lanes, k, ref a3, ref b3, ref c3);
            }
        if (sizeof(TCount) == 2)
            for (; i <= n - 2 * V.Lanes; i += 2 * V.Lanes)
            {
                Step<TFold, TKeep, V, T>(fold, p, i, k, ref a0, ref b0, ref c0);
                Step<TFold, TKeep, V, T>(fold, p, i + V.Lanes, k, ref a1, ref b1, ref c1);
            }
        for (; i <= n - V.Lanes; i += V.Lanes) Step<TFold, TKeep, V, T>(fold, p, i, k, ref a0, ref b0, ref c0);
        if (i < n)
        {
            if (sizeof(TCount) > 1) Last<TFold, TKeep, V, T>(fold, p, i, (int)(n - i), k, ones, ref a1, ref b1, ref c1);
            else Last<TFold, TKeep, V, T>(fold, p, i, (int)(n - i), k, ones, ref a0, ref b0, ref c0);
        }
        if (sizeof(TCount) > 1)
        {
            a0 = TFold.Combine(a0, a1);
            if (default(TFold) is ITwoSums) b0 += b1;
            if (default(TFold) is IThreeSums) c0 += c1;
        }
        if (sizeof(TCount) > 2)
        {
            a0 = TFold.Combine(a0, TFold.Combine(a2, a3));
            if (default(TFold) is ITwoSums) b0 += b2 + b3;
            if (default(TFold) is IThreeSums) c0 += c2 + c3;
        }
        (resultA, resultB, resultC) = (a0, b0, c0);
    }

    [MethodImpl(AggressiveInlining)]
    private static void Step<TFold, TKeep, V, T>(TFold fold, in RowPointers<T> p, nint i, in RowState<V> k, ref V a, ref V b, ref V c)
        where TFold : unmanaged, IRowFold<TFold> where TKeep : unmanaged where V : unmanaged, ISimd<V, T> where T : unmanaged
    {
        RowElement<V> e = Load<TFold, V, T>(p, i);
        if (sizeof(TKeep) == 1)
        {
            V term = TFold.Term(fold, e, k);
            a = TFold.Combine(a, term);
            term.Store(p.Y + i);
        }
        else
        {
            TFold.Add(fold, e, k, ref a, ref b, ref c);
        }
    }

    // The last elements, which do not fill a vector: lanes behind the end keep what they had. Inlined, because a call would have the
    // accumulators spilled in the loops before it.
    [MethodImpl(AggressiveInlining)]
    private static void Last<TFold, TKeep, V, T>(
        TFold fold, in RowPointers<T> p, nint i, int rest, in RowState<V> k, T* ones, ref V a, ref V b, ref V c)
        where TFold : unmanaged, IRowFold<TFold> where TKeep : unmanaged where V : unmanaged, ISimd<V, T> where T : unmanaged
    {
        RowElement<V> e = LoadPart<TFold, V, T>(p, i, rest);
        V isThere = V.Load(ones - rest), zero = V.Constant(0), oldA = a, oldB = b, oldC = c;
        if (sizeof(TKeep) == 1)
        {
            V term = TFold.Term(fold, e, k);
            a = TFold.Combine(a, term);
            term.StorePart(p.Y + i, rest);
        }
        else
        {
            TFold.Add(fold, e, k, ref a, ref b, ref c);
        }
        a = V.IfGreater(isThere, zero, a, oldA);
        if (default(TFold) is ITwoSums) b = V.IfGreater(isThere, zero, b, oldB);
        if (default(TFold) is IThreeSums) c = V.IfGreater(isThere, zero, c, oldC);
    }

    /// <summary>y = what becomes of each element; of terms that a fold kept in Y if the map reads those.</summary>
    [MethodImpl(NoInlining | AggressiveOptimization)]
    public static void Map<TMap, V, T>(TMap map, in RowPointers<T> at, in RowState<T> state, nint n)
        where TMap : unmanaged, IRowMap<TMap> where V : unmanaged, ISimd<V, T> where T : unmanaged
    {
        RowPointers<T> p = at;   // a local: what is behind a reference would be read again after every store
        RowState<V> k = Spread<V, T>(state);
        nint i = 0;
        for (; i <= n - V.Lanes; i += V.Lanes)
        {
            if (default(TMap) is IMapsTerms) TMap.OfTerm(map, V.Load(p.Y + i), k).Store(p.Y + i);
            else TMap.Of(map, Load<TMap, V, T>(p, i), k).Store(p.Y + i);
        }
        if (i < n)
        {
            int rest = (int)(n - i);
            if (default(TMap) is IMapsTerms) TMap.OfTerm(map, V.LoadPart(p.Y + i, rest), k).StorePart(p.Y + i, rest);
            else TMap.Of(map, LoadPart<TMap, V, T>(p, i, rest), k).StorePart(p.Y + i, rest);
        }
    }

    [MethodImpl(AggressiveInlining)]
    private static RowElement<V> Load<TStage, V, T>(in RowPointers<T> p, nint i)
        where TStage : unmanaged where V : unmanaged, ISimd<V, T> where T : unmanaged
    {
        RowElement<V> e = default;
        if (default(TStage) is IReadsX) e.X = V.Load(p.X + i);
        if (default(TStage) is IReadsG) e.G = V.Load(p.G + i);
        if (default(TStage) is IReadsW) e.W = V.Load(p.W + i);
        return e;
    }

    /// <summary>The elements that do not fill a vector; other lanes are 0.</summary>
    [MethodImpl(AggressiveInlining)]
    private static RowElement<V> LoadPart<TStage, V, T>(in RowPointers<T> p, nint i, int rest)
        where TStage : unmanaged where V : unmanaged, ISimd<V, T> where T : unmanaged
    {
        RowElement<V> e = default;
        if (default(TStage) is IReadsX) e.X = V.LoadPart(p.X + i, rest);
        if (default(TStage) is IReadsG) e.G = V.LoadPart(p.G + i, rest);
        if (default(TStage) is IReadsW) e.W = V.LoadPart(p.W + i, rest);
        return e;
    }

    /// <summary>The numbers of a row in every lane.</summary>
    [MethodImpl(AggressiveInlining)]
    public static RowState<V> Spread<V, T>(in RowState<T> k) where V : unmanaged, ISimd<V, T> where T : unmanaged
        => new() { A = V.Broadcast(k.A), B = V.Broadcast(k.B), P = V.Broadcast(k.P), Q = V.Broadcast(k.Q), R = V.Broadcast(k.R) };
}

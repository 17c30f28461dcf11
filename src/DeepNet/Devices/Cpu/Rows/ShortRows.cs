namespace DeepNet.Devices.Cpu;

/// <summary>
/// Rows of one or two vectors, as classifiers have them: all stages of a row in registers. The loop over rows is in the same method,
/// because a call for each would take as long as the arithmetic.
/// </summary>
[SkipLocalsInit]
internal static unsafe class ShortRows
{
    /// <summary>Runs an operator on some rows; <typeparamref name="TTwo"/> is <see cref="C2"/> if they take two vectors.</summary>
    [MethodImpl(NoInlining | AggressiveOptimization)]
    public static void Run<TFirst, TSecond, TMap, TTwo, V, T, N>(
        TFirst first, TSecond second, TMap map, in RowTable<T> table, nint from, nint to, T* ones)
        where TFirst : unmanaged, IRowFold<TFirst> where TSecond : unmanaged, IRowFold<TSecond> where TMap : unmanaged, IRowMap<TMap>
        where TTwo : unmanaged where V : unmanaged, ISimd<V, T> where T : unmanaged, IBinaryFloatingPointIeee754<T>
        where N : unmanaged, INumber<N>
    {
        nint n = table.Length, step = default(TMap) is IResult ? 1 : n;
        table.At(from, default(TMap) is IResult, out RowPointers<T> p);
        T* x = p.X, g = p.G, y = p.Y;
        int rest = (int)(sizeof(TTwo) == 2 ? n - V.Lanes : n);
        bool isPart = rest < V.Lanes;
        V isThere = V.Load(ones - rest), length = V.Constant(n);
        RowElement<V> columns0 = default, columns1 = default;
        if (default(TFirst) is IReadsW || default(TSecond) is IReadsW || default(TMap) is IReadsW)
            Load<TTwo, V, T>(p.W, rest, isPart, out columns0.W, out columns1.W);
        for (nint row = from; row < to; row++, x += n, g += n, y += step)
        {
            RowState<N> state = default;
            nint label = -1;
            bool counts = true;
            if (default(TMap) is IGiven) counts = table.Begin(map, row, ref state, out label);
            if (default(TMap) is ILabelled && default(TMap) is not IResult && !counts)
            {
                new Span<T>(y, (int)n).Clear();
                continue;
            }
            RowState<V> k = default;
            if (default(TMap) is IGiven) k = RowLoop.Spread<V, T>(RowTable<T>.From(ref state));
            RowElement<V> e0 = columns0, e1 = columns1;
            if (default(TFirst) is IReadsX || default(TSecond) is IReadsX || default(TMap) is IReadsX)
                Load<TTwo, V, T>(x, rest, isPart, out e0.X, out e1.X);
            if (default(TFirst) is IReadsG || default(TSecond) is IReadsG || default(TMap) is IReadsG)
                Load<TTwo, V, T>(g, rest, isPart, out e0.G, out e1.G);
            RowSums<T> sums1 = default, sums2 = default;
            V term0 = default, term1 = default;
            if (typeof(TFirst) != typeof(NoFold))
            {
                sums1 = Fold<TFirst, C2, TTwo, V, T>(first, e0, e1, isThere, k, ref term0, ref term1);
                Close<TFirst, TMap, V, T, N>(first, sums1, length, n, ref k, ref state);
            }
            if (typeof(TSecond) != typeof(NoFold))
            {
                if (default(TMap) is IMapsTerms) sums2 = Fold<TSecond, C1, TTwo, V, T>(second, e0, e1, isThere, k, ref term0, ref term1);
                else sums2 = Fold<TSecond, C2, TTwo, V, T>(second, e0, e1, isThere, k, ref term0, ref term1);
                Close<TSecond, TMap, V, T, N>(second, sums2, length, n, ref k, ref state);
            }
            if (default(TMap) is IResult)
            {
                if (table.Saves) table.Save(row, state.A, state.B, sums1.A, sums2.A);
                RowElement<N> atLabel = default;
                if (default(TMap) is ILabelled && counts) atLabel = table.AtLabel<N>(x, label);
                *y = counts ? Unsafe.BitCast<N, T>(TMap.Of(map, atLabel, state)) : default;
                continue;
            }
            if (default(TMap) is not IGiven && table.Saves) table.Save(row, V.MaxLane(k.A), V.MaxLane(k.B), sums1.A, sums2.A);
            V y0 = default(TMap) is IMapsTerms ? TMap.OfTerm(map, term0, k) : TMap.Of(map, e0, k);
            if (sizeof(TTwo) == 2)
            {
                V y1 = default(TMap) is IMapsTerms ? TMap.OfTerm(map, term1, k) : TMap.Of(map, e1, k);
                y0.Store(y);
                y0 = y1;
            }
            T* last = sizeof(TTwo) == 2 ? y + V.Lanes : y;
            if (isPart) y0.StorePart(last, rest);
            else y0.Store(last);
            if (default(TMap) is ILabelled) RowTable<T>.SetLabel(map, y + label, state);
        }
    }

    [MethodImpl(AggressiveInlining)]
    private static void Load<TTwo, V, T>(T* p, int rest, bool isPart, out V a, out V b)
        where TTwo : unmanaged where V : unmanaged, ISimd<V, T> where T : unmanaged
    {
        if (sizeof(TTwo) == 2)
        {
            a = V.Load(p);
            b = isPart ? V.LoadPart(p + V.Lanes, rest) : V.Load(p + V.Lanes);
        }
        else
        {
            a = isPart ? V.LoadPart(p, rest) : V.Load(p);
            b = default;
        }
    }

    [MethodImpl(AggressiveInlining)]
    private static RowSums<T> Fold<TFold, TKeep, TTwo, V, T>(
        TFold fold, in RowElement<V> e0, in RowElement<V> e1, V isThere, in RowState<V> k, ref V term0, ref V term1)
        where TFold : unmanaged, IRowFold<TFold> where TKeep : unmanaged where TTwo : unmanaged where V : unmanaged, ISimd<V, T>
        where T : unmanaged
    {
        V zero = V.Constant(0), none = TFold.Neutral<V>(), a = none, b = zero, c = zero;
        Take<TFold, TKeep, V>(fold, e0, k, ref a, ref b, ref c, ref term0);
        if (sizeof(TTwo) == 2)
        {
            V a1 = none, b1 = zero, c1 = zero;
            Take<TFold, TKeep, V>(fold, e1, k, ref a1, ref b1, ref c1, ref term1);
            a = TFold.Combine(a, V.IfGreater(isThere, zero, a1, none));
            if (default(TFold) is ITwoSums) b += V.IfGreater(isThere, zero, b1, zero);
            if (default(TFold) is IThreeSums) c += V.IfGreater(isThere, zero, c1, zero);
        }
        else
        {
            a = V.IfGreater(isThere, zero, a, none);
            if (default(TFold) is ITwoSums) b = V.IfGreater(isThere, zero, b, zero);
            if (default(TFold) is IThreeSums) c = V.IfGreater(isThere, zero, c, zero);
        }
        return RowLoop.Across<TFold, V, T>(a, b, c);
    }

    [MethodImpl(AggressiveInlining)]
    private static void Take<TFold, TKeep, V>(TFold fold, in RowElement<V> e, in RowState<V> k, ref V a, ref V b, ref V c, ref V term)
        where TFold : unmanaged, IRowFold<TFold> where TKeep : unmanaged where V : unmanaged, INumber<V>
    {
        if (sizeof(TKeep) == 1)
        {
            term = TFold.Term(fold, e, k);
            a = TFold.Combine(a, term);
        }
        else
        {
            TFold.Add(fold, e, k, ref a, ref b, ref c);
        }
    }

    // What is one number is computed as one, by the functions of scalars; what goes on in vectors is closed in vectors.
    [MethodImpl(AggressiveInlining)]
    private static void Close<TFold, TMap, V, T, N>(
        TFold fold, in RowSums<T> sums, V length, nint n, ref RowState<V> k, ref RowState<N> state)
        where TFold : unmanaged, IRowFold<TFold> where TMap : unmanaged
        where V : unmanaged, ISimd<V, T> where T : unmanaged, IBinaryFloatingPointIeee754<T> where N : unmanaged, INumber<N>
    {
        if (default(TMap) is IResult)
        {
            TFold.Close(fold, RowTable<T>.As<N>(sums), N.Constant(n), ref state);
            k = RowLoop.Spread<V, T>(RowTable<T>.From(ref state));
        }
        else
        {
            RowSums<V> spread = default;
            spread.A = V.Broadcast(sums.A);
            if (default(TFold) is ITwoSums) spread.B = V.Broadcast(sums.B);
            if (default(TFold) is IThreeSums) spread.C = V.Broadcast(sums.C);
            TFold.Close(fold, spread, length, ref k);
        }
    }
}

namespace DeepNet.Ilgpu;

/// <summary>Divides rows among groups of threads: a long row has a group, and short ones share one.</summary>
internal struct RowPartition
{
    public long Count, Length;

    /// <summary>Threads of a row: a power of two, of which this is the exponent.</summary>
    public int Across;

    /// <summary>1 if rows are read and written four elements at a time.</summary>
    public int IsWide;

    /// <summary>The row that a thread works on.</summary>
    [MethodImpl(AggressiveInlining)]
    public readonly Row Of(long group)
    {
        int lanes = 1 << Across;
        long row = group * (Group.DimX >> Across) + (Group.IdxX >> Across);
        return new(row, Group.IdxX & (lanes - 1), lanes, row < Count, Length);
    }
}

/// <summary>
/// A row and a thread's place in it. Threads behind the last row have an empty one: they run through the same loops, find nothing in them,
/// and meet the others at every barrier. (That they have nothing is a matter of numbers and not of branches: pocl 7 has been seen to write
/// beyond the end for those that left early.)
/// </summary>
internal readonly struct Row(long index, int lane, int lanes, bool isThere, long length)
{
    public readonly long Index = index, Begin = isThere ? index * length : 0, Length = isThere ? length : 0;
    public readonly int Lane = lane, Lanes = lanes;
    private readonly int isThere = isThere ? 1 : 0;

    public bool IsThere => isThere != 0;

    public bool IsFirst => isThere != 0 && Lane == 0;

    /// <summary>The same row of a tensor whose rows have another length.</summary>
    [MethodImpl(AggressiveInlining)]
    public Row OfLength(long other) => new(Index, Lane, Lanes, IsThere, other);
}

/// <summary>Gets the term that each element of a row contributes.</summary>
internal interface ITerm<V>
{
    V Of(V x);
}

internal readonly struct Itself<V> : ITerm<V>
{
    [MethodImpl(AggressiveInlining)]
    public V Of(V x) => x;
}

/// <summary>e^(x − shift).</summary>
internal readonly struct ExpLess<V, T>(V shift) : ITerm<V> where V : unmanaged, IGpuNumber<V, T> where T : unmanaged
{
    private readonly V shift = shift;

    [MethodImpl(AggressiveInlining)]
    public V Of(V x) => V.Exp(x - shift);
}

/// <summary>(x − mean)².</summary>
internal readonly struct SquareLess<V, T>(V mean) : ITerm<V> where V : unmanaged, IGpuNumber<V, T> where T : unmanaged
{
    private readonly V mean = mean;

    [MethodImpl(AggressiveInlining)]
    public V Of(V x) => (x - mean) * (x - mean);
}

/// <summary>Combines two elements of a row.</summary>
internal interface IPair<V>
{
    V Of(V a, V b);
}

internal readonly struct Times<V, T> : IPair<V> where V : unmanaged, IGpuNumber<V, T> where T : unmanaged
{
    [MethodImpl(AggressiveInlining)]
    public V Of(V a, V b) => a * b;
}

/// <summary>Provides what row kernels share. Threads take elements, or fours of them, side by side.</summary>
internal static class Rows
{
    /// <summary>Combines the terms of a row; each of its threads gets the result.</summary>
    [MethodImpl(AggressiveInlining)]
    public static V Fold<TRule, TTerm, V, T>(ArrayView<T> x, in RowPartition share, in Row row, TTerm term)
        where TRule : unmanaged, IReduceOp<TRule> where TTerm : unmanaged, ITerm<V> where V : unmanaged, IGpuNumber<V, T>
        where T : unmanaged
    {
        V a = TRule.Neutral<V>();
        long end = row.Begin + row.Length;
        if (share.IsWide != 0)
        {
            V b = a, c = a, d = a;
            var fours = x.AsAligned(Fours.Alignment).Cast<Four<T>>();
            for (long i = (row.Begin >> 2) + row.Lane; i < end >> 2; i += row.Lanes)
            {
                var four = fours[i];
                a = TRule.Combine(a, term.Of(V.From(four.A)));
                b = TRule.Combine(b, term.Of(V.From(four.B)));
                c = TRule.Combine(c, term.Of(V.From(four.C)));
                d = TRule.Combine(d, term.Of(V.From(four.D)));
            }
            a = TRule.Combine(TRule.Combine(a, b), TRule.Combine(c, d));
        }
        else
        {
            for (long i = row.Begin + row.Lane; i < end; i += row.Lanes) a = TRule.Combine(a, term.Of(V.From(x[i])));
        }
        return Folding.Fold<TRule, V, T>(a, row.Lanes);
    }

    [MethodImpl(AggressiveInlining)]
    public static V SumExp<V, T>(ArrayView<T> x, in RowPartition share, in Row row, V shift) where V : unmanaged, IGpuNumber<V, T>
        where T : unmanaged
        => Fold<AddUp, ExpLess<V, T>, V, T>(x, share, row, new(shift));

    [MethodImpl(AggressiveInlining)]
    public static V Sum<V, T>(ArrayView<T> x, in RowPartition share, in Row row) where V : unmanaged, IGpuNumber<V, T> where T : unmanaged
        => Fold<AddUp, Itself<V>, V, T>(x, share, row, default);

    /// <summary>The sum of what becomes of a row of x and as many elements of y.</summary>
    [MethodImpl(AggressiveInlining)]
    public static V SumOf<TPair, V, T>(ArrayView<T> x, ArrayView<T> y, long atY, bool isWide, in Row row, TPair pair)
        where TPair : unmanaged, IPair<V> where V : unmanaged, IGpuNumber<V, T> where T : unmanaged
    {
        V a = V.Constant(0);
        if (isWide)
        {
            V b = a, c = a, d = a;
            ArrayView<Four<T>> foursX = x.AsAligned(Fours.Alignment).Cast<Four<T>>(), foursY = y.AsAligned(Fours.Alignment).Cast<Four<T>>();
            for (long i = row.Lane; i < row.Length >> 2; i += row.Lanes)
            {
                Four<T> left = foursX[(row.Begin >> 2) + i], right = foursY[(atY >> 2) + i];
                a += pair.Of(V.From(left.A), V.From(right.A));
                b += pair.Of(V.From(left.B), V.From(right.B));
                c += pair.Of(V.From(left.C), V.From(right.C));
                d += pair.Of(V.From(left.D), V.From(right.D));
            }
            a = a + b + (c + d);
        }
        else
        {
            for (long i = row.Lane; i < row.Length; i += row.Lanes) a += pair.Of(V.From(x[row.Begin + i]), V.From(y[atY + i]));
        }
        return Folding.Fold<AddUp, V, T>(a, row.Lanes);
    }

    /// <summary>Σ x·y.</summary>
    [MethodImpl(AggressiveInlining)]
    public static V Dot<V, T>(ArrayView<T> x, ArrayView<T> y, long atY, bool isWide, in Row row) where V : unmanaged, IGpuNumber<V, T>
        where T : unmanaged
        => SumOf<Times<V, T>, V, T>(x, y, atY, isWide, row, default);

    /// <summary>result = what becomes of a and b, of a row of each.</summary>
    [MethodImpl(AggressiveInlining)]
    public static void Put<TPair, V, T>(ArrayView<T> a, ArrayView<T> b, ArrayView<T> result, in RowPartition share, in Row row, TPair pair)
        where TPair : unmanaged, IPair<V> where V : unmanaged, IGpuNumber<V, T> where T : unmanaged
    {
        long end = row.Begin + row.Length;
        if (share.IsWide != 0)
        {
            ArrayView<Four<T>> foursA = a.AsAligned(Fours.Alignment).Cast<Four<T>>(), foursB = b.AsAligned(Fours.Alignment).Cast<Four<T>>();
            var results = result.AsAligned(Fours.Alignment).Cast<Four<T>>();
            for (long i = (row.Begin >> 2) + row.Lane; i < end >> 2; i += row.Lanes)
            {
                Four<T> x = foursA[i], y = foursB[i];
                results[i] = new(V.To(pair.Of(V.From(x.A), V.From(y.A))), V.To(pair.Of(V.From(x.B), V.From(y.B))),
                    V.To(pair.Of(V.From(x.C), V.From(y.C))), V.To(pair.Of(V.From(x.D), V.From(y.D))));
            }
        }
        else
        {
            for (long i = row.Begin + row.Lane; i < end; i += row.Lanes) result[i] = V.To(pair.Of(V.From(a[i]), V.From(b[i])));
        }
    }
}

namespace DeepNet.Ilgpu;

/// <summary>
/// Reduces the middle one of three axes. A group takes a block of it for neighbouring columns: threads side by side read neighbours in
/// memory, those behind each other every so many steps, eight of them on their way at once, and what they hold is combined in a tree.
/// </summary>
internal struct ReduceColumnsJob<TMap, TRule, V, T> : IGroupJob
    where TMap : unmanaged, IUnaryOp<TMap> where TRule : unmanaged, IReduceOp<TRule> where V : unmanaged, IGpuNumber<V, T>
    where T : unmanaged
{
    public TMap Map;
    public ArrayView<T> X, Y;
    public Divisor Tiles, Blocks;
    public long Length, Inner, Block;

    /// <summary>Threads side by side: a power of two, of which this is the exponent.</summary>
    public int Across;

    public static string Name => "reduce";

    public void Run(long group)
    {
        var shared = SharedMemory.Allocate<T>(Folding.MostThreads);
        int thread = Group.IdxX, width = 1 << Across, step = Group.DimX >> Across;
        long rest = Tiles.Of(group), outer = Blocks.Of(rest), block = rest - outer * Blocks.Value,
            column = (group - rest * Tiles.Value) * width + (thread & (width - 1));
        long from = block * Block, left = Length - from;
        int n = (int)(Block < left ? Block : left), k = thread >> Across;
        V neutral = TRule.Neutral<V>(), sum = neutral;
        if (column < Inner)
        {
            var x = X.SubView((outer * Length + from) * Inner + column);
            V a = neutral, b = neutral, c = neutral, d = neutral, e = neutral, f = neutral, g = neutral;
            long at = k * Inner, next = step * Inner;
            for (; k + 7 * step < n; k += 8 * step)
            {
                V x0 = At(x, at), x1 = At(x, at + next), x2 = At(x, at + 2 * next), x3 = At(x, at + 3 * next);
                V x4 = At(x, at + 4 * next), x5 = At(x, at + 5 * next), x6 = At(x, at + 6 * next), x7 = At(x, at + 7 * next);
                sum = TRule.Combine(sum, x0);
                a = TRule.Combine(a, x1);
                b = TRule.Combine(b, x2);
                c = TRule.Combine(c, x3);
                d = TRule.Combine(d, x4);
                e = TRule.Combine(e, x5);
                f = TRule.Combine(f, x6);
                g = TRule.Combine(g, x7);
                at += 8 * next;
            }
            for (; k < n; k += step, at += next) sum = TRule.Combine(sum, At(x, at));
            sum = TRule.Combine(TRule.Combine(TRule.Combine(sum, a), TRule.Combine(b, c)),
                TRule.Combine(TRule.Combine(d, e), TRule.Combine(f, g)));
        }
        Group.Barrier();                                 // whoever still reads the last result
        shared[thread] = V.To(sum);
        Group.Barrier();
        for (int half = Group.DimX >> 1; half >= width; half >>= 1)
        {
            if (thread < half) shared[thread] = V.To(TRule.Combine(V.From(shared[thread]), V.From(shared[thread + half])));
            Group.Barrier();
        }
        if (thread < width && column < Inner) Y[rest * Inner + column] = shared[thread];
    }

    [MethodImpl(AggressiveInlining)]
    private readonly V At(ArrayView<T> x, long at) => Map.Forward(V.From(x[at]));
}

/// <summary>
/// Reduces the outer two of three axes, as sums over a batch and over the pixels of its images: a group takes a piece of the outermost axis
/// for one middle index.
/// </summary>
internal struct ReduceEndsJob<TMap, TRule, V, T> : IGroupJob
    where TMap : unmanaged, IUnaryOp<TMap> where TRule : unmanaged, IReduceOp<TRule> where V : unmanaged, IGpuNumber<V, T>
    where T : unmanaged
{
    public TMap Map;
    public ArrayView<T> X, Y;
    public Divisor Kept, Inner;
    public long Outer, Block;

    public static string Name => "reduce";

    public void Run(long group)
    {
        long block = Kept.Of(group), kept = group - block * Kept.Value, from = block * Block, left = Outer - from;
        int n = (int)((Block < left ? Block : left) * Inner.Value), step = Group.DimX, k = Group.IdxX;
        var x = X.SubView((from * Kept.Value + kept) * Inner.Value);
        V neutral = TRule.Neutral<V>(), a = neutral, b = neutral, c = neutral, d = neutral;
        for (; k + 3 * step < n; k += 4 * step)
        {
            V x0 = At(x, k), x1 = At(x, k + step), x2 = At(x, k + 2 * step), x3 = At(x, k + 3 * step);
            a = TRule.Combine(a, x0);
            b = TRule.Combine(b, x1);
            c = TRule.Combine(c, x2);
            d = TRule.Combine(d, x3);
        }
        for (; k < n; k += step) a = TRule.Combine(a, At(x, k));
        a = Folding.Fold<TRule, V, T>(TRule.Combine(TRule.Combine(a, b), TRule.Combine(c, d)));
        if (Group.IdxX == 0) Y[group] = V.To(a);
    }

    [MethodImpl(AggressiveInlining)]
    private readonly V At(ArrayView<T> x, int k)
    {
        uint outer = Inner.Of((uint)k);
        return Map.Forward(V.From(x[outer * (Kept.Value * Inner.Value) + ((uint)k - outer * (uint)Inner.Value)]));
    }
}

/// <summary>Reduces rows; those longer than a group should take are cut into pieces that count as rows.</summary>
internal struct ReduceRowsJob<TMap, TRule, V, T> : IGroupJob
    where TMap : unmanaged, IUnaryOp<TMap> where TRule : unmanaged, IReduceOp<TRule> where V : unmanaged, IGpuNumber<V, T>
    where T : unmanaged
{
    public TMap Map;
    public ArrayView<T> X, Y;
    public RowPartition Share;

    /// <summary>Pieces of a row, and the length of the row itself.</summary>
    public Divisor Blocks;
    public long Length;

    public static string Name => "reduce";

    public void Run(long group)
    {
        var own = Share.Of(group);
        V sum = TRule.Neutral<V>();
        if (own.IsThere)
        {
            long row = Blocks.Of(own.Index), block = own.Index - row * Blocks.Value, at = row * Length + block * Share.Length,
                left = Length - block * Share.Length;
            long n = Share.Length < left ? Share.Length : left;
            if (Share.IsWide != 0)
            {
                // Four sums side by side, of neighbours, and two fours at once: wider accesses, and none waits for the one before it.
                V a = sum, b = sum, c = sum, d = sum;
                var fours = X.AsAligned(Fours.Alignment).Cast<Four<T>>();
                long i = (at >> 2) + own.Lane, end = (at + n) >> 2;
                for (; i + own.Lanes < end; i += 2 * own.Lanes)
                {
                    Four<T> x = fours[i], y = fours[i + own.Lanes];
                    a = TRule.Combine(a, TRule.Combine(Mapped(x.A), Mapped(y.A)));
                    b = TRule.Combine(b, TRule.Combine(Mapped(x.B), Mapped(y.B)));
                    c = TRule.Combine(c, TRule.Combine(Mapped(x.C), Mapped(y.C)));
                    d = TRule.Combine(d, TRule.Combine(Mapped(x.D), Mapped(y.D)));
                }
                if (i < end)
                {
                    var x = fours[i];
                    a = TRule.Combine(a, Mapped(x.A));
                    b = TRule.Combine(b, Mapped(x.B));
                    c = TRule.Combine(c, Mapped(x.C));
                    d = TRule.Combine(d, Mapped(x.D));
                }
                sum = TRule.Combine(TRule.Combine(a, b), TRule.Combine(c, d));
            }
            else
            {
                for (long i = at + own.Lane; i < at + n; i += own.Lanes) sum = TRule.Combine(sum, Mapped(X[i]));
            }
        }
        sum = Folding.Fold<TRule, V, T>(sum, own.Lanes);
        if (own.IsFirst) Y[own.Index] = V.To(sum);
    }

    [MethodImpl(AggressiveInlining)]
    private readonly V Mapped(T x) => Map.Forward(V.From(x));
}

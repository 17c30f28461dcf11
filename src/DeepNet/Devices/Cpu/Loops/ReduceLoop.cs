namespace DeepNet.Devices.Cpu;

/// <summary>
/// The loops of reductions. The order of combination is that of a tree which the lengths alone decide: a few vectors of partial
/// results per block of elements, blocks in pairs. That makes results the same for any number of threads, and as accurate as
/// pairwise summation.
/// </summary>
internal static unsafe class ReduceLoop
{
    /// <summary>
    /// Vectors that are reduced in registers without further structure, 32 one after the other in each of four. A number of
    /// vectors, not of elements: narrow ones are then as accurate as wide ones.
    /// </summary>
    private const int BlockVectors = 128;

    /// <summary>Rows that are reduced into one row without further structure.</summary>
    public const int RowBlock = 128;

    private const int MaxDepth = 48;

    /// <summary>Reduces each of <paramref name="rows"/> dense rows of n elements to one.</summary>
    [MethodImpl(NoInlining | AggressiveOptimization)]
    public static void Rows<TMap, TRule, V, T>(TMap map, T* x, T* y, nint rows, nint n)
        where TMap : unmanaged, IUnaryOp<TMap> where TRule : unmanaged, IReduceOp<TRule>
        where V : unmanaged, ISimd<V, T> where T : unmanaged
    {
        T* ones = Prefix<T>.Ones;
        for (nint row = 0; row < rows; row++, x += n)
            y[row] = TRule.Across<V, T>(
                n <= BlockVectors * V.Lanes ? OfBlock<TMap, TRule, V, T>(map, x, n, ones) : OfRow<TMap, TRule, V, T>(map, x, n, ones));
    }

    [MethodImpl(NoInlining | AggressiveOptimization)]
    private static V OfRow<TMap, TRule, V, T>(TMap map, T* x, nint n, T* ones)
        where TMap : unmanaged, IUnaryOp<TMap> where TRule : unmanaged, IReduceOp<TRule>
        where V : unmanaged, ISimd<V, T> where T : unmanaged
    {
        // A binary counter of partial results: like sizes meet, as in pairwise summation, with a logarithm of them kept.
        V* waiting = stackalloc V[MaxDepth];
        int depth = 0;
        nint size = BlockVectors * V.Lanes;
        for (nint block = 0, from = 0; from < n; block++, from += size)
        {
            V sum = OfBlock<TMap, TRule, V, T>(map, x + from, Math.Min(size, n - from), ones);
            for (nint carry = block; (carry & 1) != 0; carry >>= 1)
                sum = TRule.Combine(waiting[--depth], sum);
            waiting[depth++] = sum;
        }

        V total = waiting[--depth];
        while (depth > 0)
            total = TRule.Combine(waiting[--depth], total);
        return total;
    }

    [MethodImpl(AggressiveInlining)]
    private static V OfBlock<TMap, TRule, V, T>(TMap map, T* x, nint n, T* ones)
        where TMap : unmanaged, IUnaryOp<TMap> where TRule : unmanaged, IReduceOp<TRule>
        where V : unmanaged, ISimd<V, T> where T : unmanaged
    {
        // Four sums, because an addition takes about four cycles and one can begin in each.
        V a = TRule.Neutral<V>(), b = a, c = a, d = a;
        nint i = 0;
        for (; i <= n - 4 * V.Lanes; i += 4 * V.Lanes)
        {
            a = TRule.Combine(a, map.Forward(V.Load(x + i)));
            b = TRule.Combine(b, map.Forward(V.Load(x + i + V.Lanes)));
            c = TRule.Combine(c, map.Forward(V.Load(x + i + 2 * V.Lanes)));
            d = TRule.Combine(d, map.Forward(V.Load(x + i + 3 * V.Lanes)));
        }
        for (; i <= n - V.Lanes; i += V.Lanes)
            a = TRule.Combine(a, map.Forward(V.Load(x + i)));
        if (i < n)
        {
            int rest = (int)(n - i);
            V last = map.Forward(V.LoadPart(x + i, rest));
            b = TRule.Combine(b, V.IfGreater(V.Load(ones - rest), V.Constant(0), last, TRule.Neutral<V>()));
        }
        return TRule.Combine(TRule.Combine(a, b), TRule.Combine(c, d));
    }

    /// <summary>
    /// Reduces a few rows, <paramref name="stride"/> apart, into one of n elements. The rows are taken eight at a time, in
    /// pairs of pairs of pairs.
    /// </summary>
    [MethodImpl(NoInlining | AggressiveOptimization)]
    public static void Columns<TMap, TRule, V, T>(TMap map, T* x, nint stride, T* y, nint rows, nint n)
        where TMap : unmanaged, IUnaryOp<TMap> where TRule : unmanaged, IReduceOp<TRule>
        where V : unmanaged, ISimd<V, T> where T : unmanaged
    {
        V* pairs = stackalloc V[4];
        nint row = 0;
        for (; row <= rows - 8; row += 8, x += 8 * stride)
        {
            nint i = 0;
            for (; i <= n - V.Lanes; i += V.Lanes)
            {
                V sum = typeof(TMap) == typeof(Identity)
                    ? Eight<TRule, V, T>(x + i, stride)
                    : EightMapped<TMap, TRule, V, T>(map, x + i, stride, pairs);
                if (row > 0) sum = TRule.Combine(V.Load(y + i), sum);
                sum.Store(y + i);
            }
            if (i == n) continue;
            int rest = (int)(n - i);
            V part = EightParts<TMap, TRule, V, T>(map, x + i, stride, rest);
            if (row > 0) part = TRule.Combine(V.LoadPart(y + i, rest), part);
            part.StorePart(y + i, rest);
        }
        for (; row < rows; row++, x += stride) One<TMap, TRule, V, T>(map, x, y, n, row > 0);
    }

    /// <summary>Adds one row to the result, or begins it.</summary>
    [MethodImpl(NoInlining | AggressiveOptimization)]
    private static void One<TMap, TRule, V, T>(TMap map, T* x, T* y, nint n, bool adds)
        where TMap : unmanaged, IUnaryOp<TMap> where TRule : unmanaged, IReduceOp<TRule>
        where V : unmanaged, ISimd<V, T> where T : unmanaged
    {
        nint i = 0;
        for (; i <= n - V.Lanes; i += V.Lanes)
        {
            V sum = map.Forward(V.Load(x + i));
            if (adds) sum = TRule.Combine(V.Load(y + i), sum);
            sum.Store(y + i);
        }
        if (i == n) return;
        int rest = (int)(n - i);
        V part = map.Forward(V.LoadPart(x + i, rest));
        if (adds) part = TRule.Combine(V.LoadPart(y + i, rest), part);
        part.StorePart(y + i, rest);
    }

    [MethodImpl(AggressiveInlining)]
    private static V Eight<TRule, V, T>(T* x, nint stride)
        where TRule : unmanaged, IReduceOp<TRule> where V : unmanaged, ISimd<V, T> where T : unmanaged
    {
        T* z = x + 4 * stride;
        V ab = TRule.Combine(V.Load(x), V.Load(x + stride)), cd = TRule.Combine(V.Load(x + 2 * stride), V.Load(x + 3 * stride));
        V ef = TRule.Combine(V.Load(z), V.Load(z + stride)), gh = TRule.Combine(V.Load(z + 2 * stride), V.Load(z + 3 * stride));
        return TRule.Combine(TRule.Combine(ab, cd), TRule.Combine(ef, gh));
    }

    /// <summary>
    /// The same behind a formula, which stands here twice and not eight times: the JIT would not inline all of a large one.
    /// </summary>
    [MethodImpl(AggressiveInlining)]
    private static V EightMapped<TMap, TRule, V, T>(TMap map, T* x, nint stride, V* pairs)
        where TMap : unmanaged, IUnaryOp<TMap> where TRule : unmanaged, IReduceOp<TRule>
        where V : unmanaged, ISimd<V, T> where T : unmanaged
    {
        for (int i = 0; i < 4; i++, x += 2 * stride)
            pairs[i] = TRule.Combine(map.Forward(V.Load(x)), map.Forward(V.Load(x + stride)));
        return TRule.Combine(TRule.Combine(pairs[0], pairs[1]), TRule.Combine(pairs[2], pairs[3]));
    }

    [MethodImpl(NoInlining)] // once per eight rows: keeps the loop around it small
    private static V EightParts<TMap, TRule, V, T>(TMap map, T* x, nint stride, int n)
        where TMap : unmanaged, IUnaryOp<TMap> where TRule : unmanaged, IReduceOp<TRule>
        where V : unmanaged, ISimd<V, T> where T : unmanaged
    {
        V* sums = stackalloc V[4];
        for (int i = 0; i < 4; i++, x += 2 * stride)
            sums[i] = TRule.Combine(map.Forward(V.LoadPart(x, n)), map.Forward(V.LoadPart(x + stride, n)));
        return TRule.Combine(TRule.Combine(sums[0], sums[1]), TRule.Combine(sums[2], sums[3]));
    }
}

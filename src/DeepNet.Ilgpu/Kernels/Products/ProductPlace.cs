namespace DeepNet.Ilgpu;

/// <summary>
/// What the tiled kernels of products share: where their operands lie, how tiles are dealt out to groups, and how pieces of factors get
/// into shared memory. A piece is a panel, as deep as one step along k and as wide as the tile; k is its slow axis, whichever way the
/// factor lies.
/// </summary>
internal struct ProductPlace
{
    public long StepA, StepB, StepC, StepSplit;
    public long ARow, ACol, BRow, BCol, CRow;
    public int M, N, K;
    public Divisor TilesM, TilesN, Count;

    /// <summary>The steps along k that a group does; where there are fewer than K, sums are split over several groups.</summary>
    public int Each;

    /// <summary>1 where four neighbours in memory can be moved at once.</summary>
    public int IsWideA, IsWideB, IsWideC;

    public int Accumulate;

    /// <summary>
    /// The part of a product that a group computes: tiles of a row of tiles first, then rows, products, and last the pieces of k.
    /// </summary>
    public readonly struct Share
    {
        public readonly long Batch, Split;
        public readonly int Row, Column, From, To;

        public Share(in ProductPlace place, long group, int side)
        {
            long line = place.TilesN.Of(group), matrix = place.TilesM.Of(line);
            Column = (int)(group - line * place.TilesN) * side;
            Row = (int)(line - matrix * place.TilesM) * side;
            Split = place.Count.Of(matrix);
            Batch = matrix - Split * place.Count;
            From = (int)Split * place.Each;
            To = place.K - From < place.Each ? place.K : From + place.Each;
        }
    }

    /// <summary>A thread's four elements of the panel of a at k.</summary>
    [MethodImpl(AggressiveInlining)]
    public readonly Four<TWide> ReadA<V, T, TWide>(ArrayView<T> a, in Share share, int k, int side, int depth)
        where V : unmanaged, IGpuNumber<V, T>, IGpuNumber<V, TWide> where T : unmanaged where TWide : unmanaged
        => Read<V, T, TWide>(a, share.Batch * StepA, ARow, ACol, IsWideA, share.Row, M, k, share.To, side, depth);

    /// <summary>A thread's four elements of the panel of b at k.</summary>
    [MethodImpl(AggressiveInlining)]
    public readonly Four<TWide> ReadB<V, T, TWide>(ArrayView<T> b, in Share share, int k, int side, int depth)
        where V : unmanaged, IGpuNumber<V, T>, IGpuNumber<V, TWide> where T : unmanaged where TWide : unmanaged
        => Read<V, T, TWide>(b, share.Batch * StepB, BCol, BRow, IsWideB, share.Column, N, k, share.To, side, depth);

    /// <summary>A thread's four elements of a factor's panel at k; beyond the factor's edges they are zero.</summary>
    /// <param name="x">The factor.</param>
    /// <param name="at">Where its matrix starts.</param>
    /// <param name="step">From one row of a, or column of b, to the next.</param>
    /// <param name="stepK">From one k to the next.</param>
    /// <param name="isWide">Whether four may be read at once.</param>
    /// <param name="first">The tile's first row of a, or column of b.</param>
    /// <param name="end">How many of them the factor has.</param>
    /// <param name="k">Where the panel starts.</param>
    /// <param name="endK">Where the group's share of k ends.</param>
    /// <param name="side">The width of the tile.</param>
    /// <param name="depth">The depth of the panel.</param>
    [MethodImpl(AggressiveInlining)]
    private static Four<TWide> Read<V, T, TWide>(
        ArrayView<T> x, long at, long step, long stepK, int isWide, int first, int end, int k, int endK, int side, int depth)
        where V : unmanaged, IGpuNumber<V, T>, IGpuNumber<V, TWide> where T : unmanaged where TWide : unmanaged
    {
        // Neighbouring threads read neighbours in memory, four each, whichever way the factor lies.
        int thread = Group.IdxX, wide = side / 4, deep = depth / 4;
        bool isDeep = stepK == 1;
        int i = first + (isDeep ? thread / deep : 4 * (thread % wide)), j = k + (isDeep ? 4 * (thread % deep) : thread / wide);
        long from = at + i * step + j * stepK;
        if (isWide != 0 && (isDeep ? i < end && j + 4 <= endK : j < endK && i + 4 <= end))
            return Widen<V, T, TWide>(x.AsAligned(Fours.Alignment).Cast<Four<T>>()[from >> 2]);
        long next = isDeep ? stepK : step;
        int left = i >= end || j >= endK ? 0 : isDeep ? endK - j : end - i;
        Four<T> four = default;
        if (left > 0) four.A = x[from];
        if (left > 1) four.B = x[from + next];
        if (left > 2) four.C = x[from + 2 * next];
        if (left > 3) four.D = x[from + 3 * next];
        return Widen<V, T, TWide>(four);
    }

    [MethodImpl(AggressiveInlining)]
    private static Four<TWide> Widen<V, T, TWide>(Four<T> four) where V : unmanaged, IGpuNumber<V, T>, IGpuNumber<V, TWide>
        where T : unmanaged where TWide : unmanaged
        => new(Widen<V, T, TWide>(four.A), Widen<V, T, TWide>(four.B), Widen<V, T, TWide>(four.C), Widen<V, T, TWide>(four.D));

    [MethodImpl(AggressiveInlining)]
    private static TWide Widen<V, T, TWide>(T element) where V : unmanaged, IGpuNumber<V, T>, IGpuNumber<V, TWide> where T : unmanaged
        where TWide : unmanaged
        => Element<V, TWide>.To(Element<V, T>.From(element));

    /// <summary>Puts a thread's four elements where they belong in a panel.</summary>
    [MethodImpl(AggressiveInlining)]
    public static void Store<T>(ArrayView<Four<T>> panel, Four<T> four, long stepK, int side, int depth, int line) where T : unmanaged
    {
        int thread = Group.IdxX, wide = side / 4, deep = depth / 4;
        if (stepK != 1)
        {
            panel[thread / wide * (line / 4) + thread % wide] = four;
            return;
        }
        var single = panel.Cast<T>();
        int at = thread % deep * 4 * line + thread / deep;
        single[at] = four.A;
        single[at + line] = four.B;
        single[at + 2 * line] = four.C;
        single[at + 3 * line] = four.D;
    }

    /// <summary>Writes, or adds, four neighbouring elements of the result.</summary>
    [MethodImpl(AggressiveInlining)]
    public readonly void Put<V, T>(ArrayView<T> c, in Share share, int row, int column, Four<T> four) where V : unmanaged, IGpuNumber<V, T>
        where T : unmanaged
    {
        if (row >= M || column >= N) return;
        long at = share.Split * StepSplit + share.Batch * StepC + row * CRow + column;
        if (IsWideC != 0 && column + 4 <= N)
        {
            var wide = c.AsAligned(Fours.Alignment).Cast<Four<T>>();
            if (Accumulate != 0)
            {
                var old = wide[at >> 2];
                four = new(Sum<V, T>(old.A, four.A), Sum<V, T>(old.B, four.B), Sum<V, T>(old.C, four.C), Sum<V, T>(old.D, four.D));
            }
            wide[at >> 2] = four;
            return;
        }
        Put<V, T>(c, at, four.A);
        if (column + 1 < N) Put<V, T>(c, at + 1, four.B);
        if (column + 2 < N) Put<V, T>(c, at + 2, four.C);
        if (column + 3 < N) Put<V, T>(c, at + 3, four.D);
    }

    [MethodImpl(AggressiveInlining)]
    private readonly void Put<V, T>(ArrayView<T> c, long at, T value) where V : unmanaged, IGpuNumber<V, T> where T : unmanaged
        => c[at] = Accumulate != 0 ? Sum<V, T>(c[at], value) : value;

    [MethodImpl(AggressiveInlining)]
    private static T Sum<V, T>(T a, T b) where V : unmanaged, IGpuNumber<V, T> where T : unmanaged => V.To(V.From(a) + V.From(b));
}

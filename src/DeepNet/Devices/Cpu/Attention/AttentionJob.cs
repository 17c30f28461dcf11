namespace DeepNet.Devices.Cpu;

/// <summary>The operands of attention, and the blocks of scores that both passes compute.</summary>
internal unsafe struct AttentionJob<V, T>
    where V : unmanaged, ISimd<V, T> where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>Queries and keys of one block: its scores take up to 64 KiB, a fraction of the second-level cache.</summary>
    public const int BlockQueries = 32, BlockKeys = 256;

    /// <summary>From one row of a block to the next: as <see cref="Line"/>, because products walk down columns.</summary>
    public const int BlockLine = BlockKeys + 16;

    /// <summary>The most queries for which turning the keys would cost more than the products gain by it.</summary>
    private const int FewQueries = 4;

    public HeadMatrices<T> Query, Key, Value;
    private readonly HeadMatrices<T> added;
    private readonly HeadMatrices<byte> hidden;
    public int Heads, Group, Queries, Keys, Width, ValueWidth;
    public T Scale;
    private readonly AttentionRule rule;
    private readonly int fold;
    private T* turnedKeys, distances;

    /// <param name="q">Queries.</param>
    /// <param name="k">Keys.</param>
    /// <param name="v">Values.</param>
    /// <param name="masks">The masks.</param>
    /// <param name="rule">The rest.</param>
    /// <param name="fold">The number of heads, of one query each, that are taken as the queries of one head; or 1.</param>
    public AttentionJob(Tensor q, Tensor k, Tensor v, AttentionMasks masks, AttentionRule rule, int fold = 1)
    {
        (Query, Key, Value) = (new(q, fold), new(k), new(v));
        (hidden, added) = (new(masks.Hidden, fold), new(masks.Added, fold));
        (Heads, Queries, Keys, Width, ValueWidth) = (q.Shape[1] / fold, q.Shape[2] * fold, k.Shape[2], q.Shape[3], v.Shape[3]);
        (Group, Scale, this.rule, this.fold) = (Heads / k.Shape[1], T.CreateTruncating(rule.Scale), rule, fold);
    }

    /// <summary>The row stride of transposed keys and values: none of the powers of two that crowd a few cache sets.</summary>
    public readonly nint Line => (((nint)Keys + 15) & ~15) + 16;

    public readonly bool HasWindow => rule.Window > 0;

    private readonly bool TurnsKeys => Queries > FewQueries;

    /// <summary>Gets the place of a query among the keys.</summary>
    private readonly int Place(int query) => rule.Offset + (fold > 1 ? 0 : query);

    /// <summary>The first of the keys that some query of a block sees; at most the last key.</summary>
    public readonly int FirstKey(int firstQuery) => HasWindow ? Math.Clamp(Place(firstQuery) - rule.Window + 1, 0, Keys - 1) : 0;

    /// <summary>The end of the keys that some query of a block sees.</summary>
    public readonly int EndOfKeys(int firstQuery, int queries)
        => rule.IsCausal ? Math.Min(Keys, Place(firstQuery + queries - 1) + 1) : Keys;

    /// <summary>Gets the number of keys of a block, from the first, that a query attends to; a window hides the earlier of them.</summary>
    public readonly int Visible(int query, int firstKey, int keys)
        => rule.IsCausal ? Math.Clamp(Place(query) + 1 - firstKey, 0, keys) : keys;

    /// <summary>The number of elements that <see cref="Prepare"/> takes.</summary>
    public readonly nint Workspace => (TurnsKeys ? Line * Width : 0) + (rule.HasSlopes ? Keys + Place(Queries - 1) : 0);

    /// <summary>Lays out the workspace of a thread.</summary>
    public void Prepare(T* workspace)
    {
        if (TurnsKeys)
        {
            turnedKeys = workspace;
            workspace += Line * Width;
        }
        if (!rule.HasSlopes) return;
        int from = Place(Queries - 1);
        for (int i = -from; i < Keys; i++) workspace[from + i] = T.CreateTruncating(Math.Abs(i));
        distances = workspace + from;
    }

    /// <summary>Makes kᵀ·scale of one head, with which the scores of many queries are products without packing.</summary>
    public readonly void TurnKeys(nint head)
    {
        if (!TurnsKeys) return;
        Packing.Panel(Key.At(head, Heads, Group), Key.Row, Key.Column, Keys, Width, turnedKeys, (int)Line);
        RowMath<V, T>.Scale(turnedKeys, Scale, turnedKeys, checked((int)(Line * Width)));
    }

    /// <summary>The scores of a block, rows <see cref="BlockLine"/> apart, with masks but for the end of what is visible.</summary>
    public readonly void Scores(nint head, int i, int m, int j, int n, T* scores)
    {
        T* query = Query.At(head, Heads) + i * Query.Row;
        if (TurnsKeys)
        {
            Gemm.Run(query, Query.Row, Query.Column, turnedKeys + j, Line, 1, scores, BlockLine, m, n, Width, false);
        }
        else
        {
            T* key = Key.At(head, Heads, Group) + j * Key.Row;
            for (int row = 0; row < m; row++)
                Gemm.Run(
                    query + row * Query.Row, 0, Query.Column, key, Key.Column, Key.Row, scores + row * BlockLine, 0, 1, n, Width, false);
            for (int row = 0; row < m; row++) RowMath<V, T>.Scale(scores + row * BlockLine, Scale, scores + row * BlockLine, n);
        }
        T* addedTo = added.At(head, Heads);
        byte* hides = hidden.At(head, Heads);
        for (int row = 0; row < m; row++, scores += BlockLine)
        {
            int place = Place(i + row);
            if (rule.HasSlopes) RowMath<V, T>.AddScaled(scores, -Slope(head, i + row), distances + (j - place), n);
            if (addedTo != null) Add(addedTo + (i + row) * added.Row + j * added.Column, added.Column, scores, n);
            if (hides != null) Hide(hides + (i + row) * hidden.Row + j * hidden.Column, hidden.Column, scores, n);
            if (HasWindow && place - rule.Window >= j)
                new Span<T>(scores, Math.Min(n, place - rule.Window + 1 - j)).Fill(T.NegativeInfinity);
        }
    }

    private readonly T Slope(nint head, int query)
        => T.CreateTruncating(AttentionRule.Slope((int)(head % Heads) * fold + (fold > 1 ? query : 0), Heads * fold));

    private static void Add(T* mask, nint step, T* scores, int n)
    {
        if (step == 1) RowMath<V, T>.AddScaled(scores, T.One, mask, n);
        else
            for (int i = 0; i < n; i++) scores[i] += mask[i * step];
    }

    private static void Hide(byte* mask, nint step, T* scores, int n)
    {
        for (int i = 0; i < n; i++)
            if (mask[i * step] != 0) scores[i] = T.NegativeInfinity;
    }
}

using System.Numerics;
using DeepNet.Ops;

namespace DeepNet.Devices.Cpu;

/// <summary>The operands of attention, and the blocks of scores that both passes compute.</summary>
internal unsafe struct AttentionJob<V, T>
    where V : unmanaged, ISimd<V, T> where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>Queries and keys of one block: its scores take up to 64 KiB, a fraction of the second-level cache.</summary>
    public const int BlockQueries = 32, BlockKeys = 256;

    /// <summary>From one row of a block to the next: as <see cref="Line"/>, because products walk down columns.</summary>
    public const int BlockLine = BlockKeys + 16;

    public HeadMatrices<T> Query, Key, Value, Added;
    public HeadMatrices<byte> Hidden;
    public int Heads, Queries, Keys, Width, ValueWidth;
    public T Scale;
    public bool IsCausal;

    public AttentionJob(Tensor q, Tensor k, Tensor v, Tensor? mask, AttentionRule rule)
    {
        (Query, Key, Value) = (new(q), new(k), new(v));
        if (mask?.DType == DType.Bool) Hidden = new(mask);
        else Added = new(mask);
        (Heads, Queries, Keys, Width, ValueWidth) = (q.Shape[1], q.Shape[2], k.Shape[2], q.Shape[3], v.Shape[3]);
        (Scale, IsCausal) = (T.CreateTruncating(rule.Scale), rule.IsCausal);
    }

    /// <summary>The row stride of transposed keys and values: none of the powers of two that crowd a few cache sets.</summary>
    public readonly nint Line => (((nint)Keys + 15) & ~15) + 16;

    /// <summary>The end of the keys that some query of a block sees.</summary>
    public readonly int EndOfKeys(int firstQuery, int queries) => IsCausal ? Math.Min(Keys, firstQuery + queries) : Keys;

    /// <summary>Gets the number of keys of a block, from the first, that a query attends to.</summary>
    public readonly int Visible(int query, int firstKey, int keys) => IsCausal ? Math.Clamp(query + 1 - firstKey, 0, keys) : keys;

    /// <summary>kᵀ·scale of one head: scores then are products without packing.</summary>
    public readonly void TransposeKeys(T* key, T* to)
    {
        Packing.Panel(key, Key.Row, Key.Column, Keys, Width, to, (int)Line);
        AttentionLoop.Scale<V, T>(to, Scale, Line * Width);
    }

    /// <summary>The scores of a block, rows <see cref="BlockLine"/> apart, with masks but for the causal one.</summary>
    public readonly void Scores(nint head, T* query, T* transposedKeys, int i, int m, int j, int n, T* scores)
    {
        AnyGemm.Run(query + i * Query.Row, Query.Row, Query.Column, transposedKeys + j, Line, 1, scores, BlockLine, m, n, Width, false);
        T* added = Added.At(head, Heads);
        byte* hidden = Hidden.At(head, Heads);
        for (int row = 0; row < m; row++, scores += BlockLine)
        {
            if (added != null) Add(added + (i + row) * Added.Row + j * Added.Column, Added.Column, scores, n);
            if (hidden != null) Hide(hidden + (i + row) * Hidden.Row + j * Hidden.Column, Hidden.Column, scores, n);
        }
    }

    private static void Add(T* mask, nint step, T* scores, int n)
    {
        for (int i = 0; i < n; i++) scores[i] += mask[i * step];
    }

    private static void Hide(byte* mask, nint step, T* scores, int n)
    {
        for (int i = 0; i < n; i++)
            if (mask[i * step] != 0) scores[i] = T.NegativeInfinity;
    }
}

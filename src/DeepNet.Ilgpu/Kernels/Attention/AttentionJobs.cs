namespace DeepNet.Ilgpu;

/// <summary>
/// The rows of attention's scores: masked, their largest and the logarithm of their sum noted, and made weights. On the way
/// back the sums are there already, and are only read.
/// </summary>
internal struct AttentionWeightsJob<V, T> : IGroupJob where V : unmanaged, IGpuNumber<V, T> where T : unmanaged
{
    public ArrayView<T> Scores, Sums, Added;
    public ArrayView<byte> Hidden;
    public Nest Mask;
    public long MaskStep;
    public T Scale;
    public Divisor Queries;
    public RowPartition Share;
    public int IsCausal, HasAdded, HasHidden, IsBackward;

    public static string Name => "attention";

    public void Run(long group)
    {
        var own = Share.Of(group);
        long row = own.Index, at = own.Begin, query = row - Queries.Of(row) * Queries.Value, inMask = 0;
        V zero = V.Constant(0), nothing = V.Constant(double.NegativeInfinity), max = nothing, sum = zero, log = zero;
        if (HasAdded + HasHidden != 0 && own.IsThere) inMask = Mask.At(row).A;
        var scores = Scores.AsAligned(Fours.Alignment).Cast<Four<T>>();
        if (Share.IsWide != 0)
        {
            for (long i = own.Lane; i < own.Length >> 2; i += own.Lanes)
            {
                var four = scores[(at >> 2) + i];
                V a = Masked(four.A, inMask, 4 * i, query), b = Masked(four.B, inMask, 4 * i + 1, query),
                    c = Masked(four.C, inMask, 4 * i + 2, query), d = Masked(four.D, inMask, 4 * i + 3, query);
                scores[(at >> 2) + i] = new(V.To(a), V.To(b), V.To(c), V.To(d));
                max = V.Max(max, V.Max(V.Max(a, b), V.Max(c, d)));
            }
        }
        else
        {
            for (long key = own.Lane; key < own.Length; key += own.Lanes)
            {
                V score = Masked(Scores[at + key], inMask, key, query);
                Scores[at + key] = V.To(score);
                max = V.Max(max, score);
            }
        }
        // On the way back both are known; the barriers are met all the same, since drivers want none behind a condition.
        max = Folding.Fold<Ops.Largest, V, T>(max, own.Lanes);
        log = V.Log(Rows.SumExp(Scores, Share, IsBackward == 0 ? own : own.OfLength(0), V.IfEqual(max, nothing, zero, max)));
        if (IsBackward != 0 && own.IsThere)
        {
            max = V.From(Sums[2 * row]);
            log = V.From(Sums[2 * row + 1]);
        }
        else if (own.IsFirst)
        {
            Sums[2 * row] = V.To(max);
            Sums[2 * row + 1] = V.To(log);
        }
        // A query that sees nothing becomes NaN, as in the composed form: −∞ less −∞.
        Rows.Put<Weight, V, T>(Scores, Scores, Scores, Share, own, new() { Max = max, Log = log });
    }

    [MethodImpl(AggressiveInlining)]
    private readonly V Masked(T score, long inMask, long key, long query)
    {
        V masked = V.From(score) * V.From(Scale), nothing = V.Constant(double.NegativeInfinity);
        if (HasAdded != 0) masked += V.From(Added[inMask + key * MaskStep]);
        if (HasHidden != 0 && Hidden[inMask + key * MaskStep] != 0) masked = nothing;
        if (IsCausal != 0 && key > query) masked = nothing;
        return masked;
    }

    private struct Weight : IPair<V>
    {
        public V Max, Log;

        [MethodImpl(AggressiveInlining)]
        public readonly V Of(V score, V same) => V.Exp(score - Max - Log);
    }
}

/// <summary>Gradients of weights become those of scores: w·(g − Σ y·g)·scale, by rows.</summary>
internal struct AttentionSlopesJob<V, T> : IGroupJob where V : unmanaged, IGpuNumber<V, T> where T : unmanaged
{
    public ArrayView<T> Weights, Gradients, Y, G;
    public RowPartition Share;
    public T Scale;
    public long Width;
    public int IsWide;

    public static string Name => "attention backward";

    public void Run(long group)
    {
        var row = Share.Of(group);
        var result = row.OfLength(Width);
        V dot = Rows.Dot<V, T>(Y, G, result.Begin, IsWide != 0, result);
        Rows.Put<Slope, V, T>(Weights, Gradients, Gradients, Share, row, new() { Dot = dot, Scale = V.From(Scale) });
    }

    private struct Slope : IPair<V>
    {
        public V Dot, Scale;

        [MethodImpl(AggressiveInlining)]
        public readonly V Of(V weight, V g) => weight * (g - Dot) * Scale;
    }
}

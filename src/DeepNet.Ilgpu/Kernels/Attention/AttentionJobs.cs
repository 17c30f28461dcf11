namespace DeepNet.Ilgpu;

/// <summary>
/// The rows of attention's scores: masked, their largest and the logarithm of their sum noted, and made weights. On the way
/// back the sums are there already, and are only read.
/// </summary>
internal struct AttentionWeightsJob<V, T> : IGroupJob where V : unmanaged, IGpuNumber<V, T> where T : unmanaged
{
    public ArrayView<T> Scores, Sums, Added;
    public ArrayView<byte> Hidden;
    public Nest Masks;
    public long HiddenStep, AddedStep;
    public T Scale;
    public Divisor Queries, Heads;
    public RowPartition Share;
    public int IsCausal, Offset, Window, SlopeHeads, HasAdded, HasHidden, IsBackward;

    private const double Ln2 = 0.69314718055994531;

    public static string Name => "attention";

    public void Run(long group)
    {
        var own = Share.Of(group);
        long row = own.Index, at = own.Begin, all = Queries.Of(row), place = row - all * Queries.Value + Offset;
        var inMasks = default(Nest.Spot);
        V zero = V.Constant(0), nothing = V.Constant(double.NegativeInfinity), max = nothing, sum = zero, log = zero;
        V slope = SlopeHeads == 0 ? zero : Slope((int)(all - Heads.Of(all) * Heads.Value));
        if (HasAdded + HasHidden != 0 && own.IsThere) inMasks = Masks.At(row);
        var scores = Scores.AsAligned(Fours.Alignment).Cast<Four<T>>();
        if (Share.IsWide != 0)
        {
            for (long i = own.Lane; i < own.Length >> 2; i += own.Lanes)
            {
                var four = scores[(at >> 2) + i];
                V a = Masked(four.A, inMasks, 4 * i, place, slope), b = Masked(four.B, inMasks, 4 * i + 1, place, slope),
                    c = Masked(four.C, inMasks, 4 * i + 2, place, slope), d = Masked(four.D, inMasks, 4 * i + 3, place, slope);
                scores[(at >> 2) + i] = new(V.To(a), V.To(b), V.To(c), V.To(d));
                max = V.Max(max, V.Max(V.Max(a, b), V.Max(c, d)));
            }
        }
        else
        {
            for (long key = own.Lane; key < own.Length; key += own.Lanes)
            {
                V score = Masked(Scores[at + key], inMasks, key, place, slope);
                Scores[at + key] = V.To(score);
                max = V.Max(max, score);
            }
        }
        // On the way back both are known; the barriers are met all the same, since drivers want none behind a condition.
        max = Folding.Fold<Ops.Largest, V, T>(max, own.Lanes);
        // A query that sees nothing has the sum 0. With zeros for both numbers its weights are 0, too.
        max = V.IfEqual(max, nothing, zero, max);
        sum = Rows.SumExp(Scores, Share, IsBackward == 0 ? own : own.OfLength(0), max);
        log = V.IfEqual(sum, zero, zero, V.Log(sum));
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
        Rows.Put<Weight, V, T>(Scores, Scores, Scores, Share, own, new() { Max = max, Log = log });
    }

    [MethodImpl(AggressiveInlining)]
    private readonly V Masked(T score, in Nest.Spot inMasks, long key, long place, V slope)
    {
        V masked = V.From(score) * V.From(Scale), nothing = V.Constant(double.NegativeInfinity);
        if (SlopeHeads != 0) masked -= slope * V.OfInt32((int)(key > place ? key - place : place - key));
        if (HasAdded != 0) masked += V.From(Added[inMasks.B + key * AddedStep]);
        if (HasHidden != 0 && Hidden[inMasks.A + key * HiddenStep] != 0) masked = nothing;
        if (IsCausal != 0 && key > place) masked = nothing;
        if (Window != 0 && key <= place - Window) masked = nothing;
        return masked;
    }

    // AttentionRule.Slope, for the head's number.
    [MethodImpl(AggressiveInlining)]
    private readonly V Slope(int head)
    {
        int n = head < SlopeHeads ? 2 * (head + 1) : 2 * (head - SlopeHeads) + 1;
        return V.Exp(V.Constant(-4 * Ln2) * V.OfInt32(n) / V.OfInt32(SlopeHeads));
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

/// <summary>Turns the pairs of features of attention by the angles of their steps; a thread for each pair.</summary>
internal struct RotateJob<V, T> : IJob where V : unmanaged, IGpuNumber<V, T> where T : unmanaged
{
    public ArrayView<T> X, Cos, Sin, Y;
    public long Start, BatchStride, StepStride, HeadStride;
    public Divisor Half, Heads, Steps;
    public int IsInterleaved, IsBackwards;

    public static string Name => "rotary_embedding";

    public void Run(long i)
    {
        long row = Half.Of(i), pair = i - row * Half.Value, place = Heads.Of(row), head = row - place * Heads.Value;
        long batch = Steps.Of(place), step = place - batch * Steps.Value;
        long apart = IsInterleaved != 0 ? 1 : Half.Value, first = IsInterleaved != 0 ? 2 * pair : pair;
        long from = Start + batch * BatchStride + step * StepStride + head * HeadStride + first, to = row * 2 * Half.Value + first;
        V a = V.From(X[from]), b = V.From(X[from + apart]);
        V cos = V.From(Cos[step * Half.Value + pair]), sin = V.From(Sin[step * Half.Value + pair]);
        if (IsBackwards != 0) sin = -sin;
        Y[to] = V.To(a * cos - b * sin);
        Y[to + apart] = V.To(b * cos + a * sin);
    }
}

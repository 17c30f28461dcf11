namespace DeepNet.Ilgpu;

/// <summary>
/// The rows of attention's scores, a group each: masked, their largest and the logarithm of their sum noted, and made weights. On the way
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
    public long Keys;
    public int IsCausal, HasAdded, HasHidden, IsBackward;

    public static string Name => "attention";

    public void Run(long row)
    {
        long at = row * Keys, query = row - Queries.Of(row) * Queries;
        long inMask = HasAdded + HasHidden != 0 ? Mask.At(row).A : 0;
        V zero = V.Constant(0), nothing = V.Constant(double.NegativeInfinity), max = nothing, sum = zero;
        for (long key = Group.IdxX; key < Keys; key += Group.DimX)
        {
            V score = V.From(Scores[at + key]) * V.From(Scale);
            if (HasAdded != 0) score += V.From(Added[inMask + key * MaskStep]);
            if (HasHidden != 0 && Hidden[inMask + key * MaskStep] != 0) score = nothing;
            if (IsCausal != 0 && key > query) score = nothing;
            Scores[at + key] = V.To(score);
            max = V.Max(max, score);
        }
        V log;
        if (IsBackward != 0)
        {
            max = V.From(Sums[2 * row]);
            log = V.From(Sums[2 * row + 1]);
        }
        else
        {
            max = Folding.Fold<Ops.Largest, V, T>(max);
            V shift = V.IfEqual(max, nothing, zero, max);
            for (long key = Group.IdxX; key < Keys; key += Group.DimX) sum += V.Exp(V.From(Scores[at + key]) - shift);
            sum = Folding.Sum<V, T>(sum);
            log = V.Log(sum);
            if (Group.IdxX == 0)
            {
                Sums[2 * row] = V.To(max);
                Sums[2 * row + 1] = V.To(log);
            }
        }
        // A query that sees nothing becomes NaN, as in the composed form: −∞ less −∞.
        for (long key = Group.IdxX; key < Keys; key += Group.DimX) Scores[at + key] = V.To(V.Exp(V.From(Scores[at + key]) - max - log));
    }
}

/// <summary>Gradients of weights become those of scores: w·(g − Σ y·g)·scale, a group a row.</summary>
internal struct AttentionSlopesJob<V, T> : IGroupJob where V : unmanaged, IGpuNumber<V, T> where T : unmanaged
{
    public ArrayView<T> Weights, Slopes, Y, G;
    public T Scale;
    public long Keys, Width;

    public static string Name => "attention backward";

    public void Run(long row)
    {
        V dot = Rows.Dot<V, T>(Y, row * Width, G, row * Width, Width);
        for (long i = row * Keys + Group.IdxX; i < (row + 1) * Keys; i += Group.DimX)
            Slopes[i] = V.To(V.From(Weights[i]) * (V.From(Slopes[i]) - dot) * V.From(Scale));
    }
}

namespace DeepNet.Ilgpu;

/// <summary>The cross-entropy of rows with their labels, and what the way back needs of each row.</summary>
internal struct CrossEntropyJob<V, T> : IGroupJob where V : unmanaged, IGpuNumber<V, T> where T : unmanaged
{
    public ArrayView<T> X, Weights, Losses, Sums;
    public ArrayView<long> Labels;
    public RowShare Share;
    public long Ignore;
    public T Smoothing, Total, Count;
    public int HasWeights, IsSmooth;

    public static string Name => "cross_entropy";

    public void Run(long group)
    {
        var own = Share.Of(group);
        long row = own.Index;
        V max = Rows.Max<V, T>(X, Share, own), log = V.Log(Rows.SumExp(X, Share, own, max));
        var smoothed = IsSmooth != 0 ? own : own.OfLength(0);       // nothing to add up, but no barrier behind a condition
        V dot = Rows.SumOf<Smooth, V, T>(X, Weights, 0, isWide: false, smoothed, new() { HasWeights = HasWeights });
        if (!own.IsFirst) return;
        long label = Labels[row];
        Sums[2 * row] = V.To(max);
        Sums[2 * row + 1] = V.To(log);
        V loss = V.Constant(0);
        if (label != Ignore)
        {
            label = Places.Of(label, Share.Length);
            loss = max - V.From(X[own.Begin + label]) + log;
            if (HasWeights != 0) loss *= V.From(Weights[label]);
            if (IsSmooth != 0)
            {
                V total = V.From(Total), even = (max * total - dot + log * total) / V.From(Count);
                loss += (even - loss) * V.From(Smoothing);
            }
        }
        Losses[row] = V.To(loss);
    }

    private struct Smooth : IPair<V>
    {
        public int HasWeights;

        [MethodImpl(AggressiveInlining)]
        public readonly V Of(V x, V weight) => HasWeights != 0 ? x * weight : x;
    }
}

/// <summary>The gradient of the logits: the softmax less the target, times the gradient of the row's loss, which is a share of one number if that is a mean.</summary>
internal struct CrossEntropyBackwardJob<V, T> : IJob where V : unmanaged, IGpuNumber<V, T> where T : unmanaged
{
    public ArrayView<T> X, Weights, G, Counted, Sums, Dx;
    public ArrayView<long> Labels;
    public Divisor N;
    public long Ignore;
    public T Sharp, Even, Total, Count;
    public int HasWeights, IsMean, HasCounted;

    public static string Name => "cross_entropy backward";

    public void Run(long i)
    {
        long row = N.Of(i), column = i - row * N, label = Labels[row];
        V dx = V.Constant(0);
        if (label != Ignore)
        {
            label = Places.Of(label, N);
            V g = IsMean == 0 ? V.From(G[row]) : V.From(G[0]) / (HasCounted != 0 ? V.From(Counted[0]) : V.From(Count)), one = V.Constant(1), even = g * V.From(Even);
            V own = g * V.From(Sharp) * (HasWeights != 0 ? V.From(Weights[label]) : one);
            dx = V.Exp(V.From(X[i]) - V.From(Sums[2 * row]) - V.From(Sums[2 * row + 1])) * (own + even * V.From(Total));
            dx -= even * (HasWeights != 0 ? V.From(Weights[column]) : one);
            if (column == label) dx -= own;
        }
        Dx[i] = V.To(dx);
    }
}

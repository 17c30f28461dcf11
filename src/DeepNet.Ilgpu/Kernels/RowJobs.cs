namespace DeepNet.Ilgpu;

/// <summary>Softmax of rows, or its logarithm.</summary>
internal struct SoftmaxJob<V, T> : IGroupJob where V : unmanaged, IGpuNumber<V, T> where T : unmanaged
{
    public ArrayView<T> X, Y;
    public RowShare Share;
    public int IsLog;

    public static string Name => "softmax";

    public void Run(long group)
    {
        var row = Share.Of(group);
        V max = Rows.Max<V, T>(X, Share, row), sum = Rows.SumExp(X, Share, row, max);
        if (IsLog != 0) Rows.Put<Log, V, T>(X, X, Y, Share, row, new() { Max = max, Sum = V.Log(sum) });
        else Rows.Put<Exp, V, T>(X, X, Y, Share, row, new() { Max = max, Scale = V.Constant(1) / sum });
    }

    private struct Log : IPair<V>
    {
        public V Max, Sum;

        [MethodImpl(AggressiveInlining)]
        public readonly V Of(V x, V same) => x - Max - Sum;
    }

    private struct Exp : IPair<V>
    {
        public V Max, Scale;

        [MethodImpl(AggressiveInlining)]
        public readonly V Of(V x, V same) => V.Exp(x - Max) * Scale;
    }
}

/// <summary>The gradient of softmax, y·(g − Σ g·y), or of its logarithm, g − eʸ·Σ g.</summary>
internal struct SoftmaxBackwardJob<V, T> : IGroupJob where V : unmanaged, IGpuNumber<V, T> where T : unmanaged
{
    public ArrayView<T> Y, G, Dx;
    public RowShare Share;
    public int IsLog;

    public static string Name => "softmax backward";

    public void Run(long group)
    {
        var row = Share.Of(group);
        V sum = Rows.SumOf<Term, V, T>(Y, G, row.Begin, Share.IsWide != 0, row, new() { IsLog = IsLog });
        Rows.Put<Slope, V, T>(Y, G, Dx, Share, row, new() { Sum = sum, IsLog = IsLog });
    }

    private struct Term : IPair<V>
    {
        public int IsLog;

        [MethodImpl(AggressiveInlining)]
        public readonly V Of(V y, V g) => IsLog != 0 ? g : y * g;
    }

    private struct Slope : IPair<V>
    {
        public V Sum;
        public int IsLog;

        [MethodImpl(AggressiveInlining)]
        public readonly V Of(V y, V g) => IsLog != 0 ? g - V.Exp(y) * Sum : y * (g - Sum);
    }
}

/// <summary>ln Σ eˣ of rows. A row of −∞ only is −∞, and one that reaches ∞ is ∞.</summary>
internal struct LogSumExpJob<V, T> : IGroupJob where V : unmanaged, IGpuNumber<V, T> where T : unmanaged
{
    public ArrayView<T> X, Y;
    public RowShare Share;

    public static string Name => "log_sum_exp";

    public void Run(long group)
    {
        var row = Share.Of(group);
        V max = Rows.Max<V, T>(X, Share, row), zero = V.Constant(0);
        V shift = V.IfEqual(max - max, zero, max, zero);
        V sum = Rows.SumExp(X, Share, row, shift);
        if (row.IsFirst) Y[row.Index] = V.To(shift + V.Log(sum));
    }
}

/// <summary>Σ (x − mean)² / divisor of rows: two passes, so that nothing cancels.</summary>
internal struct VarianceJob<V, T> : IGroupJob where V : unmanaged, IGpuNumber<V, T> where T : unmanaged
{
    public ArrayView<T> X, Y;
    public RowShare Share;
    public T Count, Divisor;

    public static string Name => "variance";

    public void Run(long group)
    {
        var row = Share.Of(group);
        V mean = Rows.Sum<V, T>(X, Share, row) / V.From(Count);
        V squares = Rows.Fold<Ops.AddUp, SquareLess<V, T>, V, T>(X, Share, row, new(mean));
        if (row.IsFirst) Y[row.Index] = V.To(squares / V.From(Divisor));
    }
}

using DeepNet.Ops;

namespace DeepNet.Ilgpu;

/// <summary>What the kernels that see a whole row have in common: a group takes a row, its threads elements side by side.</summary>
internal static class Rows
{
    [MethodImpl(AggressiveInlining)]
    public static V Max<V, T>(ArrayView<T> x, long at, long n) where V : unmanaged, IGpuNumber<V, T> where T : unmanaged
    {
        V max = V.Constant(double.NegativeInfinity);
        for (long i = Group.IdxX; i < n; i += Group.DimX) max = V.Max(max, V.From(x[at + i]));
        return Folding.Fold<Largest, V, T>(max);
    }

    [MethodImpl(AggressiveInlining)]
    public static V SumExp<V, T>(ArrayView<T> x, long at, long n, V shift) where V : unmanaged, IGpuNumber<V, T> where T : unmanaged
    {
        V sum = V.Constant(0);
        for (long i = Group.IdxX; i < n; i += Group.DimX) sum += V.Exp(V.From(x[at + i]) - shift);
        return Folding.Sum<V, T>(sum);
    }

    [MethodImpl(AggressiveInlining)]
    public static V Sum<V, T>(ArrayView<T> x, long at, long n) where V : unmanaged, IGpuNumber<V, T> where T : unmanaged
    {
        V sum = V.Constant(0);
        for (long i = Group.IdxX; i < n; i += Group.DimX) sum += V.From(x[at + i]);
        return Folding.Sum<V, T>(sum);
    }

    [MethodImpl(AggressiveInlining)]
    public static V Dot<V, T>(ArrayView<T> x, long atX, ArrayView<T> y, long atY, long n) where V : unmanaged, IGpuNumber<V, T> where T : unmanaged
    {
        V sum = V.Constant(0);
        for (long i = Group.IdxX; i < n; i += Group.DimX) sum += V.From(x[atX + i]) * V.From(y[atY + i]);
        return Folding.Sum<V, T>(sum);
    }
}

/// <summary>Softmax of rows, or its logarithm.</summary>
internal struct SoftmaxJob<V, T> : IGroupJob where V : unmanaged, IGpuNumber<V, T> where T : unmanaged
{
    public ArrayView<T> X, Y;
    public long N;
    public int IsLog;

    public static string Name => "softmax";

    public void Run(long row)
    {
        long at = row * N;
        V max = Rows.Max<V, T>(X, at, N), sum = Rows.SumExp(X, at, N, max);
        V log = V.Log(sum), scale = V.Constant(1) / sum;
        for (long i = Group.IdxX; i < N; i += Group.DimX)
        {
            V x = V.From(X[at + i]) - max;
            Y[at + i] = V.To(IsLog != 0 ? x - log : V.Exp(x) * scale);
        }
    }
}

/// <summary>The gradient of softmax, y·(g − Σ g·y), or of its logarithm, g − eʸ·Σ g.</summary>
internal struct SoftmaxBackwardJob<V, T> : IGroupJob where V : unmanaged, IGpuNumber<V, T> where T : unmanaged
{
    public ArrayView<T> Y, G, Dx;
    public long N;
    public int IsLog;

    public static string Name => "softmax backward";

    public void Run(long row)
    {
        long at = row * N;
        V sum = IsLog != 0 ? Rows.Sum<V, T>(G, at, N) : Rows.Dot<V, T>(Y, at, G, at, N);
        for (long i = Group.IdxX; i < N; i += Group.DimX)
        {
            V y = V.From(Y[at + i]), g = V.From(G[at + i]);
            Dx[at + i] = V.To(IsLog != 0 ? g - V.Exp(y) * sum : y * (g - sum));
        }
    }
}

/// <summary>ln Σ eˣ of rows. A row of −∞ only is −∞, and one that reaches ∞ is ∞.</summary>
internal struct LogSumExpJob<V, T> : IGroupJob where V : unmanaged, IGpuNumber<V, T> where T : unmanaged
{
    public ArrayView<T> X, Y;
    public long N;

    public static string Name => "log_sum_exp";

    public void Run(long row)
    {
        long at = row * N;
        V max = Rows.Max<V, T>(X, at, N), zero = V.Constant(0);
        V shift = V.IfEqual(max - max, zero, max, zero);
        V sum = Rows.SumExp(X, at, N, shift);
        if (Group.IdxX == 0) Y[row] = V.To(shift + V.Log(sum));
    }
}

/// <summary>Σ (x − mean)² / divisor of rows: two passes, so that nothing cancels.</summary>
internal struct VarianceJob<V, T> : IGroupJob where V : unmanaged, IGpuNumber<V, T> where T : unmanaged
{
    public ArrayView<T> X, Y;
    public long N;
    public T Count, Divisor;

    public static string Name => "variance";

    public void Run(long row)
    {
        long at = row * N;
        V mean = Rows.Sum<V, T>(X, at, N) / V.From(Count), squares = V.Constant(0);
        for (long i = Group.IdxX; i < N; i += Group.DimX)
        {
            V distance = V.From(X[at + i]) - mean;
            squares += distance * distance;
        }
        squares = Folding.Sum<V, T>(squares);
        if (Group.IdxX == 0) Y[row] = V.To(squares / V.From(Divisor));
    }
}

using System.Numerics;
using DeepNet.Ops;

namespace DeepNet.Devices.Cpu;

/// <summary>What is done with one dense row of floats or doubles: a few passes, the first of which brings it into the cache.</summary>
internal unsafe interface IRowKernel
{
    /// <summary>Computes the result, a row or a number, of row x; g is a second row if the kernel takes one.</summary>
    void Run<V, T>(T* x, T* g, T* y, nint n) where V : unmanaged, ISimd<V, T> where T : unmanaged, IBinaryFloatingPointIeee754<T>;
}

/// <summary>eˣ / Σ eˣ; shifted by the maximum, so that nothing overflows.</summary>
internal readonly unsafe struct SoftmaxRow : IRowKernel
{
    [MethodImpl(AggressiveInlining)]
    public void Run<V, T>(T* x, T* g, T* y, nint n) where V : unmanaged, ISimd<V, T> where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (n <= 2 * V.Lanes)
        {
            ShortRow.Softmax<V, T>(x, y, (int)n);
            return;
        }
        T max = RowLoop.Max<V, T>(x, n);
        T sum = RowLoop.SumExp<V, T>(x, max, y, n);
        RowLoop.Scale<V, T>(y, T.One / sum, n);
    }
}

/// <summary>x − ln Σ eˣ.</summary>
internal readonly unsafe struct LogSoftmaxRow : IRowKernel
{
    [MethodImpl(AggressiveInlining)]
    public void Run<V, T>(T* x, T* g, T* y, nint n) where V : unmanaged, ISimd<V, T> where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (n <= 2 * V.Lanes)
        {
            ShortRow.LogSoftmax<V, T>(x, y, (int)n);
            return;
        }
        T max = RowLoop.Max<V, T>(x, n);
        T sum = RowLoop.SumExp<V, T>(x, max, null, n);
        RowLoop.Subtract<V, T>(x, max, T.Log(sum), y, n);
    }
}

/// <summary>y · (g − Σ g·y).</summary>
internal readonly unsafe struct SoftmaxBackwardRow : IRowKernel
{
    [MethodImpl(AggressiveInlining)]
    public void Run<V, T>(T* x, T* g, T* y, nint n) where V : unmanaged, ISimd<V, T> where T : unmanaged, IBinaryFloatingPointIeee754<T>
        => RowLoop.SoftmaxBackward<V, T>(x, g, RowLoop.Dot<V, T>(x, g, n), y, n);
}

/// <summary>g − eʸ · Σ g.</summary>
internal readonly unsafe struct LogSoftmaxBackwardRow : IRowKernel
{
    [MethodImpl(AggressiveInlining)]
    public void Run<V, T>(T* x, T* g, T* y, nint n) where V : unmanaged, ISimd<V, T> where T : unmanaged, IBinaryFloatingPointIeee754<T>
        => RowLoop.LogSoftmaxBackward<V, T>(x, g, RowLoop.Sum<V, T>(g, n), y, n);
}

/// <summary>ln Σ eˣ. A row of −∞ only is −∞, and one that reaches ∞ is ∞.</summary>
internal readonly unsafe struct LogSumExpRow : IRowKernel
{
    [MethodImpl(AggressiveInlining)]
    public void Run<V, T>(T* x, T* g, T* y, nint n) where V : unmanaged, ISimd<V, T> where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        T max = RowLoop.Max<V, T>(x, n);
        T shift = T.IsFinite(max) ? max : T.Zero;
        *y = shift + T.Log(RowLoop.SumExp<V, T>(x, shift, null, n));
    }
}

/// <summary>The sum of squared distances from the mean, over a divisor: two passes, so that nothing cancels.</summary>
internal readonly unsafe struct VarianceRow(double divisor) : IRowKernel
{
    private readonly double divisor = divisor;

    [MethodImpl(AggressiveInlining)]
    public void Run<V, T>(T* x, T* g, T* y, nint n) where V : unmanaged, ISimd<V, T> where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        double mean = double.CreateTruncating(RowLoop.Sum<V, T>(x, n)) / n;
        T squares;
        ReduceLoop.Rows<SquaredDistance, AddUp, V, T>(new(mean), x, &squares, 1, n);
        *y = T.CreateTruncating(double.CreateTruncating(squares) / divisor);
    }

    private readonly struct SquaredDistance(double from) : IUnaryOp<SquaredDistance>
    {
        private readonly double from = from;

        [MethodImpl(AggressiveInlining)]
        public V Forward<V>(V x) where V : INumber<V>
        {
            V distance = x - V.Constant(from);
            return distance * distance;
        }
    }
}

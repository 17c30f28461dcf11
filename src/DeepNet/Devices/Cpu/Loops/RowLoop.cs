using DeepNet.Ops;

namespace DeepNet.Devices.Cpu;

/// <summary>
/// The passes over one row that <see cref="IRowKernel"/>s are made of. Sums run in one vector per block (a formula's constants
/// then stay in registers), and blocks are added up.
/// </summary>
internal static unsafe class RowLoop
{
    private const int Block = 1024;

    /// <summary>The largest element; NaN is passed over.</summary>
    public static T Max<V, T>(T* x, nint n) where V : unmanaged, ISimd<V, T> where T : unmanaged
    {
        T max;
        ReduceLoop.Rows<Identity, LargestNumber, V, T>(default, x, &max, 1, n);
        return max;
    }

    /// <summary>The sum.</summary>
    public static T Sum<V, T>(T* x, nint n) where V : unmanaged, ISimd<V, T> where T : unmanaged
    {
        T sum;
        ReduceLoop.Rows<Identity, AddUp, V, T>(default, x, &sum, 1, n);
        return sum;
    }

    /// <summary>Σ e^(x − shift), the terms stored too if y is not null.</summary>
    public static T SumExp<V, T>(T* x, T shift, T* y, nint n) where V : unmanaged, ISimd<V, T> where T : unmanaged
    {
        V total = V.Constant(0);
        for (nint from = 0; from < n; from += Block)
        {
            nint length = Math.Min(Block, n - from);
            total += y == null ? SumExpBlock<V, T>(x + from, shift, length) : SumExpBlock<V, T>(x + from, shift, y + from, length);
        }
        return V.Sum(total);
    }

    [MethodImpl(AggressiveOptimization)]
    private static V SumExpBlock<V, T>(T* x, T shift, T* y, nint n) where V : unmanaged, ISimd<V, T> where T : unmanaged
    {
        V by = V.Broadcast(shift), sum = V.Constant(0);
        nint i = 0;
        for (; i <= n - V.Lanes; i += V.Lanes)
        {
            V e = V.Exp(V.Load(x + i) - by);
            e.Store(y + i);
            sum += e;
        }
        if (i == n) return sum;
        int rest = (int)(n - i);
        V last = V.Exp(V.LoadPart(x + i, rest) - by);
        last.StorePart(y + i, rest);
        return sum + V.IfGreater(V.Load(Prefix<T>.Ones - rest), V.Constant(0), last, V.Constant(0));
    }

    [MethodImpl(AggressiveOptimization)]
    private static V SumExpBlock<V, T>(T* x, T shift, nint n) where V : unmanaged, ISimd<V, T> where T : unmanaged
    {
        V by = V.Broadcast(shift), sum = V.Constant(0);
        nint i = 0;
        for (; i <= n - V.Lanes; i += V.Lanes) sum += V.Exp(V.Load(x + i) - by);
        if (i == n) return sum;
        int rest = (int)(n - i);
        V last = V.Exp(V.LoadPart(x + i, rest) - by);
        return sum + V.IfGreater(V.Load(Prefix<T>.Ones - rest), V.Constant(0), last, V.Constant(0));
    }

    /// <summary>y ·= factor.</summary>
    [MethodImpl(AggressiveOptimization)]
    public static void Scale<V, T>(T* y, T factor, nint n) where V : unmanaged, ISimd<V, T> where T : unmanaged
    {
        V by = V.Broadcast(factor);
        nint i = 0;
        for (; i <= n - V.Lanes; i += V.Lanes) (V.Load(y + i) * by).Store(y + i);
        if (i < n) (V.LoadPart(y + i, (int)(n - i)) * by).StorePart(y + i, (int)(n - i));
    }

    /// <summary>y = x − first − second, in this order: the sum of the two may lose what the second says.</summary>
    [MethodImpl(AggressiveOptimization)]
    public static void Subtract<V, T>(T* x, T first, T second, T* y, nint n) where V : unmanaged, ISimd<V, T> where T : unmanaged
    {
        V a = V.Broadcast(first), b = V.Broadcast(second);
        nint i = 0;
        for (; i <= n - V.Lanes; i += V.Lanes) (V.Load(x + i) - a - b).Store(y + i);
        if (i < n) (V.LoadPart(x + i, (int)(n - i)) - a - b).StorePart(y + i, (int)(n - i));
    }

    /// <summary>Σ x·g.</summary>
    [MethodImpl(AggressiveOptimization)]
    public static T Dot<V, T>(T* x, T* g, nint n) where V : unmanaged, ISimd<V, T> where T : unmanaged
    {
        V total = V.Constant(0);
        for (nint from = 0; from < n; from += Block)
        {
            nint end = Math.Min(from + Block, n), i = from;
            V a = V.Constant(0), b = V.Constant(0);
            for (; i <= end - 2 * V.Lanes; i += 2 * V.Lanes)
            {
                a = V.Fma(V.Load(x + i), V.Load(g + i), a);
                b = V.Fma(V.Load(x + i + V.Lanes), V.Load(g + i + V.Lanes), b);
            }
            for (; i <= end - V.Lanes; i += V.Lanes) a = V.Fma(V.Load(x + i), V.Load(g + i), a);
            if (i < end) b = V.Fma(V.LoadPart(x + i, (int)(end - i)), V.LoadPart(g + i, (int)(end - i)), b);
            total += a + b;
        }
        return V.Sum(total);
    }

    /// <summary>dx = y · (g − dot).</summary>
    [MethodImpl(AggressiveOptimization)]
    public static void SoftmaxBackward<V, T>(T* y, T* g, T dot, T* dx, nint n) where V : unmanaged, ISimd<V, T> where T : unmanaged
    {
        V by = V.Broadcast(dot);
        nint i = 0;
        for (; i <= n - V.Lanes; i += V.Lanes) (V.Load(y + i) * (V.Load(g + i) - by)).Store(dx + i);
        if (i < n) (V.LoadPart(y + i, (int)(n - i)) * (V.LoadPart(g + i, (int)(n - i)) - by)).StorePart(dx + i, (int)(n - i));
    }

    /// <summary>dx = g − eʸ · sum.</summary>
    [MethodImpl(AggressiveOptimization)]
    public static void LogSoftmaxBackward<V, T>(T* y, T* g, T sum, T* dx, nint n) where V : unmanaged, ISimd<V, T> where T : unmanaged
    {
        V by = V.Broadcast(sum);
        nint i = 0;
        for (; i <= n - V.Lanes; i += V.Lanes) (V.Load(g + i) - V.Exp(V.Load(y + i)) * by).Store(dx + i);
        if (i < n) (V.LoadPart(g + i, (int)(n - i)) - V.Exp(V.LoadPart(y + i, (int)(n - i))) * by).StorePart(dx + i, (int)(n - i));
    }
}

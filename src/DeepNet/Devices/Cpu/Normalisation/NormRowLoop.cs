using System.Runtime.Intrinsics.X86;

namespace DeepNet.Devices.Cpu;

/// <summary>The passes over one row of a <see cref="NormRows"/>.</summary>
internal static unsafe class NormRowLoop
{
    private const int Block = 1024;

    /// <summary>Mean (0 unless it is taken off) and variance of a row, from one pass where nothing cancels.</summary>
    public static (double Mean, double Variance) Statistics<V, T>(T* x, nint n, bool isCentered)
        where V : unmanaged, ISimd<V, T> where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        // Sums of distances from a place in the middle of the row: the squares then are hardly larger than those from the mean.
        T shift = !isCentered ? T.Zero : n < V.Lanes ? *x : V.Sum(V.Load(x)) / T.CreateTruncating(V.Lanes);
        Moments<V, T>(x, shift, n, out double sum, out double squares);
        if (!isCentered) return (0, squares / n);
        double off = sum / n, variance = squares / n - off * off;
        double mean = double.CreateTruncating(shift) + off;
        if (off * off <= 3 * variance || !double.IsFinite(off)) return (mean, variance);
        // The beginning was far from the mean: once more from there, with what rounding it costs taken off.
        shift = T.CreateTruncating(mean);
        Moments<V, T>(x, shift, n, out sum, out squares);
        off = sum / n;
        return (double.CreateTruncating(shift) + off, Math.Max(0, squares / n - off * off));
    }

    // Σ (x − shift) and Σ (x − shift)².
    [MethodImpl(NoInlining | AggressiveOptimization)]
    private static void Moments<V, T>(T* x, T shift, nint n, out double sum, out double squares)
        where V : unmanaged, ISimd<V, T> where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        V from = V.Broadcast(shift), zero = V.Constant(0);
        (sum, squares) = (0, 0);
        for (nint start = 0; start < n; start += Block)
        {
            nint end = Math.Min(start + Block, n), i = start;
            V a0 = zero, a1 = zero, a2 = zero, a3 = zero, b0 = zero, b1 = zero, b2 = zero, b3 = zero;
            for (; i <= end - 4 * V.Lanes; i += 4 * V.Lanes)
            {
                V d0 = V.Load(x + i) - from, d1 = V.Load(x + i + V.Lanes) - from;
                V d2 = V.Load(x + i + 2 * V.Lanes) - from, d3 = V.Load(x + i + 3 * V.Lanes) - from;
                a0 += d0;
                a1 += d1;
                a2 += d2;
                a3 += d3;
                b0 = V.Fma(d0, d0, b0);
                b1 = V.Fma(d1, d1, b1);
                b2 = V.Fma(d2, d2, b2);
                b3 = V.Fma(d3, d3, b3);
            }
            for (; i <= end - V.Lanes; i += V.Lanes)
            {
                V d = V.Load(x + i) - from;
                a0 += d;
                b0 = V.Fma(d, d, b0);
            }
            if (i < end)
            {
                int rest = (int)(end - i);
                V d = V.IfGreater(V.Load(Prefix<T>.Ones - rest), zero, V.LoadPart(x + i, rest) - from, zero);
                a1 += d;
                b1 = V.Fma(d, d, b1);
            }
            sum += double.CreateTruncating(V.Sum(a0 + a1 + (a2 + a3)));
            squares += double.CreateTruncating(V.Sum(b0 + b1 + (b2 + b3)));
        }
    }

    /// <summary>
    /// y = (x − mean)·scale·weight + bias; no weight and no bias where they are null. Asks for what lies <paramref name="ahead"/> of x
    /// on the way, unless that is 0.
    /// </summary>
    [MethodImpl(NoInlining | AggressiveOptimization)]
    public static void Scale<V, T, TStore>(T* x, T mean, T scale, T* weight, T* bias, T* y, nint n, nint ahead)
        where V : unmanaged, ISimd<V, T> where T : unmanaged where TStore : IStore
    {
        V m = V.Broadcast(mean), s = V.Broadcast(scale);
        nint i = 0;
        if (weight != null && bias != null && ahead != 0)
        {
            // Two vectors an iteration: with 256 bits, a cache line and its fetch.
            for (; i <= n - 2 * V.Lanes; i += 2 * V.Lanes)
            {
                Fetch(x + ahead + i);
                TStore.Put(NormFormula.Value(V.Load(x + i) - m, s, V.Load(weight + i), V.Load(bias + i)), y + i);
                nint j = i + V.Lanes;
                TStore.Put(NormFormula.Value(V.Load(x + j) - m, s, V.Load(weight + j), V.Load(bias + j)), y + j);
            }
        }
        for (; i < n; i += V.Lanes)
        {
            var part = new SomeLanes(n - i);
            V z = (part.Load<V, T>(x + i) - m) * s;
            if (bias != null) z = V.Fma(z, part.Load<V, T>(weight + i), part.Load<V, T>(bias + i));
            else if (weight != null) z *= part.Load<V, T>(weight + i);
            part.Store(z, y + i);
        }
    }

    /// <summary>dweight += g·(x − mean)·scale, dbias += g; and the sums Σ g·w and Σ g·w·(x − mean).</summary>
    [MethodImpl(NoInlining | AggressiveOptimization)]
    public static void Gather<V, T>(
        T* x, T* g, T* weight, T mean, T scale, T* dweight, T* dbias, nint n, out double plain, out double along)
        where V : unmanaged, ISimd<V, T> where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        V m = V.Broadcast(mean), s = V.Broadcast(scale);
        (plain, along) = (0, 0);
        for (nint start = 0; start < n; start += Block)
        {
            nint end = Math.Min(start + Block, n), i = start;
            V a = V.Constant(0), b = a, c = a, d = a;
            for (; i <= end - 2 * V.Lanes && weight != null; i += 2 * V.Lanes)
            {
                nint j = i + V.Lanes;
                V u = V.Load(g + i), distance = V.Load(x + i) - m;
                NormFormula.AddToWeight(V.Load(dweight + i), u, distance, s).Store(dweight + i);
                (V.Load(dbias + i) + u).Store(dbias + i);
                NormFormula.Add(ref a, ref b, u * V.Load(weight + i), distance);
                u = V.Load(g + j);
                distance = V.Load(x + j) - m;
                NormFormula.AddToWeight(V.Load(dweight + j), u, distance, s).Store(dweight + j);
                (V.Load(dbias + j) + u).Store(dbias + j);
                NormFormula.Add(ref c, ref d, u * V.Load(weight + j), distance);
            }
            for (; i < end; i += V.Lanes)
            {
                var part = new SomeLanes(end - i);
                V u = part.Load<V, T>(g + i), distance = part.Load<V, T>(x + i) - m; // what lies behind the end has a gradient of 0
                part.Store(NormFormula.AddToWeight(part.Load<V, T>(dweight + i), u, distance, s), dweight + i);
                part.Store(part.Load<V, T>(dbias + i) + u, dbias + i);
                if (weight != null) u *= part.Load<V, T>(weight + i);
                NormFormula.Add(ref a, ref b, u, distance);
            }
            plain += double.CreateTruncating(V.Sum(a + c));
            along += double.CreateTruncating(V.Sum(b + d));
        }
    }

    /// <summary>dx = g·w·scale + shift − (x − mean)·turn. Asks for what lies ahead of x and g on the way.</summary>
    [MethodImpl(NoInlining | AggressiveOptimization)]
    public static void Slope<V, T, TStore>(T* x, T* g, T* weight, T mean, T scale, T shift, T turn, T* dx, nint n, nint ahead)
        where V : unmanaged, ISimd<V, T> where T : unmanaged where TStore : IStore
    {
        V m = V.Broadcast(mean), s = V.Broadcast(scale), a = V.Broadcast(shift), b = V.Broadcast(turn);
        nint i = 0;
        if (weight != null && ahead != 0)
        {
            for (; i <= n - 2 * V.Lanes; i += 2 * V.Lanes)
            {
                Fetch(x + ahead + i);
                Fetch(g + ahead + i);
                TStore.Put(NormFormula.Gradient(V.Load(g + i) * V.Load(weight + i), V.Load(x + i) - m, s, a, b), dx + i);
                nint j = i + V.Lanes;
                TStore.Put(NormFormula.Gradient(V.Load(g + j) * V.Load(weight + j), V.Load(x + j) - m, s, a, b), dx + j);
            }
        }
        for (; i < n; i += V.Lanes)
        {
            var part = new SomeLanes(n - i);
            V u = part.Load<V, T>(g + i);
            if (weight != null) u *= part.Load<V, T>(weight + i);
            part.Store(NormFormula.Gradient(u, part.Load<V, T>(x + i) - m, s, a, b), dx + i);
        }
    }

    // A hint, harmless wherever it points.
    [MethodImpl(AggressiveInlining)]
    private static void Fetch<T>(T* p) where T : unmanaged
    {
        if (Sse.IsSupported) Sse.Prefetch0(p);
    }
}

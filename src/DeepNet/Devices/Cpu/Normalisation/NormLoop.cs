namespace DeepNet.Devices.Cpu;

/// <summary>The passes over one dense piece of a group.</summary>
internal static unsafe class NormLoop
{
    private const int Block = 1024;

    /// <summary>Σ x.</summary>
    public static T Sum<V, T>(T* x, nint n) where V : unmanaged, ISimd<V, T> where T : unmanaged
        => RowLoop.Fold<SumFold, C2, V, T>(default, new() { X = x }, default, n).A;

    /// <summary>Σ (x − mean)².</summary>
    public static T Squares<V, T>(T* x, T mean, nint n) where V : unmanaged, ISimd<V, T> where T : unmanaged
        => RowLoop.Fold<SquareFold, C2, V, T>(default, new() { X = x }, new() { A = mean }, n).A;

    /// <summary>y = (x − mean)·scale + shift.</summary>
    [MethodImpl(NoInlining | AggressiveOptimization)]
    public static void Scale<V, T>(T* x, T mean, T scale, T shift, T* y, nint n) where V : unmanaged, ISimd<V, T> where T : unmanaged
    {
        V m = V.Broadcast(mean), s = V.Broadcast(scale), b = V.Broadcast(shift);
        nint i = 0;
        for (; i <= n - V.Lanes; i += V.Lanes) NormFormula.Value(V.Load(x + i) - m, s, b).Store(y + i);
        if (i < n) NormFormula.Value(V.LoadPart(x + i, (int)(n - i)) - m, s, b).StorePart(y + i, (int)(n - i));
    }

    /// <summary>Adds Σ g and Σ g·(x − mean) to two sums.</summary>
    [MethodImpl(NoInlining | AggressiveOptimization)]
    public static void Sums<V, T>(T* x, T* g, T mean, nint n, ref double plain, ref double along)
        where V : unmanaged, ISimd<V, T> where T : unmanaged, System.Numerics.IBinaryFloatingPointIeee754<T>
    {
        V m = V.Broadcast(mean);
        for (nint from = 0; from < n; from += Block)
        {
            nint end = Math.Min(from + Block, n), i = from;
            V a = V.Constant(0), b = a;
            for (; i <= end - V.Lanes; i += V.Lanes)
                NormFormula.Add(ref a, ref b, V.Load(g + i), V.Load(x + i) - m);
            if (i < end)
            {
                int rest = (int)(end - i);
                NormFormula.Add(ref a, ref b, V.LoadPart(g + i, rest), V.LoadPart(x + i, rest) - m);
            }
            plain += double.CreateTruncating(V.Sum(a));
            along += double.CreateTruncating(V.Sum(b));
        }
    }

    /// <summary>dx = g·scale + shift − (x − mean)·turn.</summary>
    [MethodImpl(NoInlining | AggressiveOptimization)]
    public static void Slope<V, T>(T* x, T* g, T mean, T scale, T shift, T turn, T* dx, nint n) where V : unmanaged, ISimd<V, T>
        where T : unmanaged
    {
        V m = V.Broadcast(mean), s = V.Broadcast(scale), a = V.Broadcast(shift), b = V.Broadcast(turn);
        nint i = 0;
        for (; i <= n - V.Lanes; i += V.Lanes) NormFormula.Gradient(V.Load(g + i), V.Load(x + i) - m, s, a, b).Store(dx + i);
        int rest = (int)(n - i);
        if (rest > 0) NormFormula.Gradient(V.LoadPart(g + i, rest), V.LoadPart(x + i, rest) - m, s, a, b).StorePart(dx + i, rest);
    }
}

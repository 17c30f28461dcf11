namespace DeepNet.Devices.Cpu;

/// <summary>The inner loops of attention.</summary>
internal static unsafe class AttentionLoop
{
    /// <summary>y ·= factor.</summary>
    public static void Scale<V, T>(T* y, T factor, nint n)
        where V : unmanaged, ISimd<V, T> where T : unmanaged, IBinaryFloatingPointIeee754<T>
        => MapLoop.Forward<WithRight<Mul>, V, T, Cached>(new(default, double.CreateTruncating(factor)), y, y, n);

    /// <summary>y += factor·x.</summary>
    [MethodImpl(NoInlining | AggressiveOptimization)]
    public static void AddScaled<V, T>(T* x, T factor, T* y, nint n) where V : unmanaged, ISimd<V, T> where T : unmanaged
    {
        V by = V.Broadcast(factor);
        nint i = 0;
        for (; i <= n - V.Lanes; i += V.Lanes) V.Fma(V.Load(x + i), by, V.Load(y + i)).Store(y + i);
        if (i == n) return;
        int rest = (int)(n - i);
        V.Fma(V.LoadPart(x + i, rest), by, V.LoadPart(y + i, rest)).StorePart(y + i, rest);
    }

    /// <summary>s becomes e^(s − max), of which the sum is returned.</summary>
    public static T Exponentiate<V, T>(T* s, T max, nint n) where V : unmanaged, ISimd<V, T> where T : unmanaged
        => RowLoop.Fold<LogExpFold, C1, V, T>(default, new() { X = s, Y = s }, new() { A = max }, n).A;

    /// <summary>s becomes w = e^(s − max − log), and g becomes w · (g − dot) · scale.</summary>
    [MethodImpl(NoInlining | AggressiveOptimization)]
    public static void Gradients<V, T>(T* s, T* g, T max, T log, T dot, T scale, nint n) where V : unmanaged, ISimd<V, T>
        where T : unmanaged
    {
        V top = V.Broadcast(max), less = V.Broadcast(log), mean = V.Broadcast(dot), by = V.Broadcast(scale);
        nint i = 0;
        for (; i <= n - V.Lanes; i += V.Lanes)
        {
            V w = V.Exp(V.Load(s + i) - top - less);
            w.Store(s + i);
            (w * (V.Load(g + i) - mean) * by).Store(g + i);
        }
        if (i == n) return;
        int rest = (int)(n - i);
        V last = V.Exp(V.LoadPart(s + i, rest) - top - less);
        last.StorePart(s + i, rest);
        (last * (V.LoadPart(g + i, rest) - mean) * by).StorePart(g + i, rest);
    }
}

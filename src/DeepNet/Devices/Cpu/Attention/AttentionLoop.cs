namespace DeepNet.Devices.Cpu;

/// <summary>The inner loops of attention.</summary>
internal static unsafe class AttentionLoop
{
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
        for (; i <= n - V.Lanes; i += V.Lanes) Gradient<V, T, AllLanes>(s + i, g + i, top, less, mean, by, default);
        if (i < n) Gradient<V, T, FirstLanes>(s + i, g + i, top, less, mean, by, new(n - i));
    }

    [MethodImpl(AggressiveInlining)]
    private static void Gradient<V, T, TPart>(T* s, T* g, V top, V less, V mean, V by, TPart part) where V : unmanaged, ISimd<V, T>
        where T : unmanaged where TPart : IPart
    {
        V w = V.Exp(part.Load<V, T>(s) - top - less);
        part.Store(w, s);
        part.Store(w * (part.Load<V, T>(g) - mean) * by, g);
    }
}

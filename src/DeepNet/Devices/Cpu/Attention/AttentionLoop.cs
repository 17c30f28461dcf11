namespace DeepNet.Devices.Cpu;

/// <summary>The inner loops of attention: over the scores of one query with a block of keys.</summary>
internal static unsafe class AttentionLoop
{
    /// <summary>The largest of the scores and of what was largest before.</summary>
    [MethodImpl(AggressiveOptimization)]
    public static T Max<V, T>(T* s, T before, nint n) where V : unmanaged, ISimd<V, T> where T : unmanaged
    {
        V a = V.Broadcast(before), b = a;
        nint i = 0;
        for (; i <= n - 2 * V.Lanes; i += 2 * V.Lanes)
        {
            V x = V.Load(s + i), y = V.Load(s + i + V.Lanes);
            a = V.IfGreater(x, a, x, a);
            b = V.IfGreater(y, b, y, b);
        }
        for (; i <= n - V.Lanes; i += V.Lanes)
        {
            V x = V.Load(s + i);
            a = V.IfGreater(x, a, x, a);
        }
        if (i < n)
        {
            int rest = (int)(n - i);
            V x = V.IfGreater(V.Load(Prefix<T>.Ones - rest), V.Constant(0), V.LoadPart(s + i, rest), b);
            b = V.IfGreater(x, b, x, b);
        }
        return V.MaxLane(V.IfGreater(a, b, a, b));
    }

    /// <summary>s becomes w = e^(s − max − log), and g becomes w · (g − dot) · scale.</summary>
    [MethodImpl(AggressiveOptimization)]
    public static void Slopes<V, T>(T* s, T* g, T max, T log, T dot, T scale, nint n) where V : unmanaged, ISimd<V, T> where T : unmanaged
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

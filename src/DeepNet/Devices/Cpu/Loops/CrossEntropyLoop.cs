namespace DeepNet.Devices.Cpu;

/// <summary>The inner loop of the derivative of a cross-entropy.</summary>
internal static unsafe class CrossEntropyLoop
{
    /// <summary>dx = e^(x − max − log) · factor: the softmax, scaled.</summary>
    [MethodImpl(AggressiveOptimization)]
    public static void Slope<V, T>(T* x, T max, T log, T factor, T* dx, nint n) where V : unmanaged, ISimd<V, T> where T : unmanaged
    {
        V top = V.Broadcast(max), less = V.Broadcast(log), by = V.Broadcast(factor);
        nint i = 0;
        for (; i <= n - V.Lanes; i += V.Lanes) (V.Exp(V.Load(x + i) - top - less) * by).Store(dx + i);
        if (i < n) (V.Exp(V.LoadPart(x + i, (int)(n - i)) - top - less) * by).StorePart(dx + i, (int)(n - i));
    }
}

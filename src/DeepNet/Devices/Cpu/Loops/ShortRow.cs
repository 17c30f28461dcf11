namespace DeepNet.Devices.Cpu;

/// <summary>Rows of no more than two vectors, as classifiers have them: all passes are made in registers.</summary>
internal static unsafe class ShortRow
{
    [MethodImpl(AggressiveOptimization)]
    public static void Softmax<V, T>(T* x, T* y, int n) where V : unmanaged, ISimd<V, T> where T : unmanaged
    {
        var (a, b) = Load<V, T>(x, n);
        V max = V.Broadcast(V.MaxLane(V.Max(a, b)));
        a = V.Exp(a - max);
        b = V.Exp(b - max);
        V factor = V.Constant(1) / V.Broadcast(V.Sum(a + b));
        Store(a * factor, b * factor, y, n);
    }

    [MethodImpl(AggressiveOptimization)]
    public static void LogSoftmax<V, T>(T* x, T* y, int n) where V : unmanaged, ISimd<V, T> where T : unmanaged
    {
        var (a, b) = Load<V, T>(x, n);
        V max = V.Broadcast(V.MaxLane(V.Max(a, b)));
        a -= max;
        b -= max;
        V log = V.Log(V.Broadcast(V.Sum(V.Exp(a) + V.Exp(b))));
        Store(a - log, b - log, y, n);
    }

    // Lanes behind the end are −∞: no maximum, and no part of a sum of exponentials.
    [MethodImpl(AggressiveInlining)]
    private static (V A, V B) Load<V, T>(T* x, int n) where V : unmanaged, ISimd<V, T> where T : unmanaged
        => n < V.Lanes ? (Part<V, T>(x, n), V.Constant(double.NegativeInfinity))
            : (V.Load(x), n == 2 * V.Lanes ? V.Load(x + V.Lanes) : n == V.Lanes ? V.Constant(double.NegativeInfinity) : Part<V, T>(x + V.Lanes, n - V.Lanes));

    [MethodImpl(AggressiveInlining)]
    private static V Part<V, T>(T* x, int n) where V : unmanaged, ISimd<V, T> where T : unmanaged
        => V.IfGreater(V.Load(Prefix<T>.Ones - n), V.Constant(0), V.LoadPart(x, n), V.Constant(double.NegativeInfinity));

    [MethodImpl(AggressiveInlining)]
    private static void Store<V, T>(V a, V b, T* y, int n) where V : unmanaged, ISimd<V, T> where T : unmanaged
    {
        if (n < V.Lanes)
        {
            a.StorePart(y, n);
            return;
        }
        a.Store(y);
        if (n == 2 * V.Lanes) b.Store(y + V.Lanes);
        else if (n > V.Lanes) b.StorePart(y + V.Lanes, n - V.Lanes);
    }
}

namespace DeepNet;

/// <summary>Loads and stores of a few lanes by way of the stack, where the processor has no masked ones.</summary>
internal static unsafe class Partial
{
    [MethodImpl(NoInlining)]
    public static V Load<V, T>(T* p, int n)
        where V : struct, ISimd<V, T>
        where T : unmanaged
    {
        T* lanes = stackalloc T[V.Lanes];
        for (int i = 0; i < V.Lanes; i++)
            lanes[i] = i < n ? p[i] : default;
        return V.Load(lanes);
    }

    [MethodImpl(NoInlining)]
    public static void Store<V, T>(V v, T* p, int n)
        where V : struct, ISimd<V, T>
        where T : unmanaged
    {
        T* lanes = stackalloc T[V.Lanes];
        v.Store(lanes);
        for (int i = 0; i < n; i++)
            p[i] = lanes[i];
    }
    [MethodImpl(NoInlining)]
    public static void StoreBool<V, T>(V v, byte* p, int n)
        where V : struct, ISimd<V, T>
        where T : unmanaged
    {
        byte* lanes = stackalloc byte[V.Lanes];
        v.StoreBool(lanes);
        for (int i = 0; i < n; i++)
            p[i] = lanes[i];
    }
}

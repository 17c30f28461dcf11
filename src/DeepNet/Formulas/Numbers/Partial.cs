namespace DeepNet;

/// <summary>Loads and stores of a few lanes by way of the stack, where the processor has no masked ones.</summary>
internal static unsafe class Partial
{
    [MethodImpl(NoInlining)]
    public static TVector Load<TVector, T>(T* p, int n)
        where TVector : unmanaged
        where T : unmanaged
    {
        TVector v = default;
        for (int i = 0; i < n; i++) ((T*)&v)[i] = p[i]; // a vector is its lanes in order
        return v;
    }

    [MethodImpl(NoInlining)]
    public static void Store<TVector, T>(TVector v, T* p, int n)
        where TVector : unmanaged
        where T : unmanaged
    {
        for (int i = 0; i < n; i++) p[i] = ((T*)&v)[i];
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

namespace DeepNet.Devices.Cpu;

/// <summary>Vectors of units of which no more than <c>rest</c> are there: the number of units need not be a multiple of the lanes.</summary>
internal static unsafe class Units
{
    [MethodImpl(AggressiveInlining)]
    public static V Load<V, T>(T* p, nint rest) where V : unmanaged, ISimd<V, T> where T : unmanaged
        => rest >= V.Lanes ? V.Load(p) : V.LoadPart(p, (int)rest);

    [MethodImpl(AggressiveInlining)]
    public static void Store<V, T>(V value, T* p, nint rest) where V : unmanaged, ISimd<V, T> where T : unmanaged
    {
        if (rest >= V.Lanes) value.Store(p);
        else value.StorePart(p, (int)rest);
    }
}

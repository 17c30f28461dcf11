namespace DeepNet.Devices.Cpu;

/// <summary>
/// The lanes of a vector that a step of a loop works on. A step written over them is the one of whole vectors and that of the rest of a
/// row, which has fewer elements.
/// </summary>
internal unsafe interface IPart
{
    /// <summary>Loads the lanes; others are zero.</summary>
    V Load<V, T>(T* p) where V : struct, ISimd<V, T> where T : unmanaged;

    /// <summary>Stores the lanes.</summary>
    void Store<V, T>(V v, T* p) where V : struct, ISimd<V, T> where T : unmanaged;
}

/// <summary>All lanes.</summary>
internal readonly unsafe struct AllLanes : IPart
{
    [MethodImpl(AggressiveInlining)]
    public V Load<V, T>(T* p) where V : struct, ISimd<V, T> where T : unmanaged => V.Load(p);

    [MethodImpl(AggressiveInlining)]
    public void Store<V, T>(V v, T* p) where V : struct, ISimd<V, T> where T : unmanaged => v.Store(p);
}

/// <summary>The first lanes of a vector, but not all of them.</summary>
internal readonly unsafe struct FirstLanes(nint n) : IPart
{
    private readonly int n = (int)n;

    [MethodImpl(AggressiveInlining)]
    public V Load<V, T>(T* p) where V : struct, ISimd<V, T> where T : unmanaged => V.LoadPart(p, n);

    [MethodImpl(AggressiveInlining)]
    public void Store<V, T>(V v, T* p) where V : struct, ISimd<V, T> where T : unmanaged => v.StorePart(p, n);
}

/// <summary>The first lanes, or all if there are so many elements: for loops that need not know which.</summary>
internal readonly unsafe struct SomeLanes(nint n) : IPart
{
    private readonly nint n = n;

    [MethodImpl(AggressiveInlining)]
    public V Load<V, T>(T* p) where V : struct, ISimd<V, T> where T : unmanaged => n >= V.Lanes ? V.Load(p) : V.LoadPart(p, (int)n);

    [MethodImpl(AggressiveInlining)]
    public void Store<V, T>(V v, T* p) where V : struct, ISimd<V, T> where T : unmanaged
    {
        if (n >= V.Lanes) v.Store(p);
        else v.StorePart(p, (int)n);
    }
}

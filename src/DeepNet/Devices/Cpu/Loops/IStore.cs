using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace DeepNet.Devices.Cpu;

/// <summary>Writes the results of a loop.</summary>
internal unsafe interface IStore
{
    /// <summary>Writes one vector.</summary>
    static abstract void Put<V, T>(V v, T* p) where V : struct, ISimd<V, T> where T : unmanaged;

    /// <summary>Writes the first lanes of one.</summary>
    [MethodImpl(AggressiveInlining)]
    static virtual void PutPart<V, T>(V v, T* p, int n) where V : struct, ISimd<V, T> where T : unmanaged => v.StorePart(p, n);

    /// <summary>Called once after the last whole vector.</summary>
    [MethodImpl(AggressiveInlining)]
    static virtual void Finish() { }
}

/// <summary>Into the caches: what is small enough is read from there next.</summary>
internal readonly unsafe struct Cached : IStore
{
    [MethodImpl(AggressiveInlining)]
    public static void Put<V, T>(V v, T* p) where V : struct, ISimd<V, T> where T : unmanaged => v.Store(p);
}

/// <summary>Nowhere: what nobody asked for, so that it need not be computed.</summary>
internal readonly unsafe struct Skipped : IStore
{
    [MethodImpl(AggressiveInlining)]
    public static void Put<V, T>(V v, T* p) where V : struct, ISimd<V, T> where T : unmanaged { }

    [MethodImpl(AggressiveInlining)]
    public static void PutPart<V, T>(V v, T* p, int n) where V : struct, ISimd<V, T> where T : unmanaged { }
}

/// <summary>Adds to what is there.</summary>
internal readonly unsafe struct Added : IStore
{
    [MethodImpl(AggressiveInlining)]
    public static void Put<V, T>(V v, T* p) where V : struct, ISimd<V, T> where T : unmanaged => (V.Load(p) + v).Store(p);

    [MethodImpl(AggressiveInlining)]
    public static void PutPart<V, T>(V v, T* p, int n) where V : struct, ISimd<V, T> where T : unmanaged
        => (V.LoadPart(p, n) + v).StorePart(p, n);
}

/// <summary>
/// Past the caches: an ordinary store first reads the line that it overwrites, a third of all traffic when arrays do not fit. Slower
/// where they do fit, so <see cref="Pays"/> is asked first.
/// </summary>
internal readonly unsafe struct Streamed : IStore
{
    /// <summary>The bytes that a kernel touches before it counts as beyond the caches: most of a common third-level cache.</summary>
    private const long Beyond = 24 << 20;

    /// <summary>
    /// True for a kernel whose operands, result included, have so many elements, if the result's place is aligned to vectors.
    /// </summary>
    public static bool Pays<V, T>(nint elements, int operands, T* result) where T : unmanaged
        => (long)elements * operands * sizeof(T) >= Beyond && Unsafe.SizeOf<V>() >= 16 && ((nint)result & (Unsafe.SizeOf<V>() - 1)) == 0;

    [MethodImpl(AggressiveInlining)]
    public static void Put<V, T>(V v, T* p) where V : struct, ISimd<V, T> where T : unmanaged
    {
        if (Unsafe.SizeOf<V>() == 64) Unsafe.BitCast<V, Vector512<byte>>(v).StoreAlignedNonTemporal((byte*)p);
        else if (Unsafe.SizeOf<V>() == 32) Unsafe.BitCast<V, Vector256<byte>>(v).StoreAlignedNonTemporal((byte*)p);
        else if (Unsafe.SizeOf<V>() == 16) Unsafe.BitCast<V, Vector128<byte>>(v).StoreAlignedNonTemporal((byte*)p);
        else v.Store(p);
    }

    // Such stores are not in order with others: whoever is told that the work is done must see them.
    [MethodImpl(AggressiveInlining)]
    public static void Finish()
    {
        if (Sse.IsSupported) Sse.StoreFence();
        else Thread.MemoryBarrier();
    }
}

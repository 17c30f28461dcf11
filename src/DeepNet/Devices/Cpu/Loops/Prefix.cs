using System.Runtime.InteropServices;

namespace DeepNet.Devices.Cpu;

/// <summary>
/// Numbers in memory that tell the first lanes of a vector from the others: loaded from <c>Ones − n</c>, n lanes are 1 and the
/// rest 0. It is how the lanes behind the end of a row are kept out of its sum.
/// </summary>
internal static unsafe class Prefix<T> where T : unmanaged
{
    private const int MaxLanes = 64;

    /// <summary>The end of the ones and the beginning of the zeros. Never freed: it serves as long as the process lives.</summary>
    public static readonly T* Ones = Make();

    private static T* Make()
    {
        var table = (T*)NativeMemory.AlignedAlloc((nuint)(2 * MaxLanes * sizeof(T)), 64);
        for (int i = 0; i < 2 * MaxLanes; i++)
            table[i] = i < MaxLanes ? One() : default;
        return table + MaxLanes;
    }

    private static T One()
        => typeof(T) == typeof(float) ? (T)(object)1f
        : typeof(T) == typeof(double) ? (T)(object)1.0
        : typeof(T) == typeof(int) ? (T)(object)1
        : typeof(T) == typeof(long) ? (T)(object)1L
        : typeof(T) == typeof(sbyte) ? (T)(object)(sbyte)1
        : (T)(object)(byte)1;
}

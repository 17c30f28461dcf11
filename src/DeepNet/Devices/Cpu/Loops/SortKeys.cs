using System.Numerics;

namespace DeepNet.Devices.Cpu;

/// <summary>Turns elements into unsigned numbers of the same order: NaN is the largest, and zeros of both signs are equal.</summary>
/// <typeparam name="T">The element type.</typeparam>
/// <typeparam name="TKey">The unsigned type of its width.</typeparam>
internal interface ISortKeys<T, TKey> where T : unmanaged where TKey : unmanaged, IBinaryInteger<TKey>
{
    static abstract TKey Key(T x);
}

internal readonly struct SingleKeys : ISortKeys<float, uint>
{
    [MethodImpl(AggressiveInlining)]
    public static uint Key(float x)
    {
        if (float.IsNaN(x)) return uint.MaxValue;
        uint bits = BitConverter.SingleToUInt32Bits(x + 0f); // −0 becomes 0
        return bits ^ ((uint)((int)bits >> 31) | 0x8000_0000); // without a branch on the sign, which nobody could foretell
    }
}

internal readonly struct DoubleKeys : ISortKeys<double, ulong>
{
    [MethodImpl(AggressiveInlining)]
    public static ulong Key(double x)
    {
        if (double.IsNaN(x)) return ulong.MaxValue;
        ulong bits = BitConverter.DoubleToUInt64Bits(x + 0.0);
        return bits ^ ((ulong)((long)bits >> 63) | 0x8000_0000_0000_0000);
    }
}

internal readonly struct Int32Keys : ISortKeys<int, uint>
{
    [MethodImpl(AggressiveInlining)]
    public static uint Key(int x) => (uint)x ^ 0x8000_0000;
}

internal readonly struct Int64Keys : ISortKeys<long, ulong>
{
    [MethodImpl(AggressiveInlining)]
    public static ulong Key(long x) => (ulong)x ^ 0x8000_0000_0000_0000;
}

/// <summary>Of bools too.</summary>
internal readonly struct UInt8Keys : ISortKeys<byte, uint>
{
    [MethodImpl(AggressiveInlining)]
    public static uint Key(byte x) => x;
}

internal readonly struct Int8Keys : ISortKeys<sbyte, uint>
{
    [MethodImpl(AggressiveInlining)]
    public static uint Key(sbyte x) => (uint)(x - sbyte.MinValue);
}

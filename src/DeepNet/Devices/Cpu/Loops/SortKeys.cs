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
    public static uint Key(float x)
    {
        if (float.IsNaN(x)) return uint.MaxValue;
        uint bits = BitConverter.SingleToUInt32Bits(x + 0f); // −0 becomes 0
        return (bits & 0x8000_0000) != 0 ? ~bits : bits | 0x8000_0000;
    }
}

internal readonly struct DoubleKeys : ISortKeys<double, ulong>
{
    public static ulong Key(double x)
    {
        if (double.IsNaN(x)) return ulong.MaxValue;
        ulong bits = BitConverter.DoubleToUInt64Bits(x + 0.0);
        return (bits & 0x8000_0000_0000_0000) != 0 ? ~bits : bits | 0x8000_0000_0000_0000;
    }
}

internal readonly struct Int32Keys : ISortKeys<int, uint>
{
    public static uint Key(int x) => (uint)x ^ 0x8000_0000;
}

internal readonly struct Int64Keys : ISortKeys<long, ulong>
{
    public static ulong Key(long x) => (ulong)x ^ 0x8000_0000_0000_0000;
}

internal readonly struct BoolKeys : ISortKeys<byte, uint>
{
    public static uint Key(byte x) => x;
}

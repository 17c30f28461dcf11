namespace DeepNet.Devices.Cpu;

/// <summary>Turns elements into unsigned numbers of the same order: NaN is the largest, and zeros of both signs are equal.</summary>
/// <typeparam name="T">The element type.</typeparam>
/// <typeparam name="TKey">The unsigned type of its width.</typeparam>
internal interface ISortKeys<T, TKey> where T : unmanaged where TKey : unmanaged, IBinaryInteger<TKey>
{
    static abstract TKey Key(T x);
}

/// <summary>Work on elements that is compiled for the type of their keys.</summary>
internal interface ISortKeysBody
{
    /// <summary>Runs the work.</summary>
    void Run<T, TKey, TKeys>()
        where T : unmanaged where TKey : unmanaged, IBinaryInteger<TKey> where TKeys : struct, ISortKeys<T, TKey>;
}

/// <summary>Chooses the keys of an element type.</summary>
internal static class SortKeys
{
    /// <summary>Runs a body, and keeps alive until then the tensors that it holds.</summary>
    public static void Run<TBody>(string op, DType dtype, in TBody body) where TBody : struct, ISortKeysBody, allows ref struct
    {
        switch (dtype)
        {
            case DType.Float32: body.Run<float, uint, SingleKeys>(); break;
            case DType.Float64: body.Run<double, ulong, DoubleKeys>(); break;
            case DType.Int32: body.Run<int, uint, Int32Keys>(); break;
            case DType.Int64: body.Run<long, ulong, Int64Keys>(); break;
            case DType.Bool or DType.UInt8: body.Run<byte, uint, UInt8Keys>(); break;
            case DType.Int8: body.Run<sbyte, uint, Int8Keys>(); break;
            default: throw CpuDevice.Unsupported(op, dtype);
        }
        Simd.KeepAlive(in body);
    }
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

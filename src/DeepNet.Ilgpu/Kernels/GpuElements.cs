namespace DeepNet.Ilgpu;

/// <summary>Converts elements of a type in kernels, by the processor's rules.</summary>
internal interface IGpuElement<T> where T : unmanaged
{
    static abstract bool IsWhole { get; }
    static abstract bool IsDouble { get; }
    static abstract long ToInt64(T element);
    static abstract float ToSingle(T element);
    static abstract double ToDouble(T element);
    static abstract T FromInt64(long value);
    static abstract T FromSingle(float value);
    static abstract T FromDouble(double value);
}

internal readonly struct BoolOnGpu : IGpuElement<byte>
{
    public static bool IsWhole => true;
    public static bool IsDouble => false;
    public static long ToInt64(byte element) => element;
    public static float ToSingle(byte element) => element;
    public static double ToDouble(byte element) => element;
    public static byte FromInt64(long value) => value != 0 ? (byte)1 : (byte)0;
    public static byte FromSingle(float value) => value != 0 ? (byte)1 : (byte)0;
    public static byte FromDouble(double value) => value != 0 ? (byte)1 : (byte)0;
}

// Kernels read bytes, of which not every compiler knows whether they have a sign: what is not the number's is cut off.
internal readonly struct UInt8OnGpu : IGpuElement<byte>
{
    public static bool IsWhole => true;
    public static bool IsDouble => false;
    public static long ToInt64(byte element) => element & 255;
    public static float ToSingle(byte element) => element & 255;
    public static double ToDouble(byte element) => element & 255;
    public static byte FromInt64(long value) => value >= 255 ? (byte)255 : value <= 0 ? (byte)0 : (byte)value;
    public static byte FromSingle(float value)
        => value >= 255f ? (byte)255 : value > 0f ? (byte)(int)value : (byte)0;
    public static byte FromDouble(double value)
        => value >= 255.0 ? (byte)255 : value > 0.0 ? (byte)(int)value : (byte)0;
}

internal readonly struct Int8OnGpu : IGpuElement<byte>
{
    public static bool IsWhole => true;
    public static bool IsDouble => false;
    public static long ToInt64(byte element) => Signed.Wrap(element);
    public static float ToSingle(byte element) => Signed.Wrap(element);
    public static double ToDouble(byte element) => Signed.Wrap(element);
    public static byte FromInt64(long value) => (byte)(value >= 127 ? 127 : value <= -128 ? -128 : (int)value);
    public static byte FromSingle(float value)
        => (byte)(value >= 127f ? 127 : value <= -128f ? -128 : float.IsNaN(value) ? 0 : (int)value);
    public static byte FromDouble(double value)
        => (byte)(value >= 127.0 ? 127 : value <= -128.0 ? -128 : double.IsNaN(value) ? 0 : (int)value);
}

internal readonly struct Int32OnGpu : IGpuElement<int>
{
    public static bool IsWhole => true;
    public static bool IsDouble => false;
    public static long ToInt64(int element) => element;
    public static float ToSingle(int element) => element;
    public static double ToDouble(int element) => element;
    public static int FromInt64(long value) => value > int.MaxValue ? int.MaxValue : value < int.MinValue ? int.MinValue : (int)value;
    public static int FromSingle(float value)
        => value >= 2147483648f ? int.MaxValue : value <= -2147483648f ? int.MinValue : float.IsNaN(value) ? 0 : (int)value;
    public static int FromDouble(double value)
        => value >= 2147483647.0 ? int.MaxValue : value <= -2147483648.0 ? int.MinValue : double.IsNaN(value) ? 0 : (int)value;
}

internal readonly struct Int64OnGpu : IGpuElement<long>
{
    public static bool IsWhole => true;
    public static bool IsDouble => false;
    public static long ToInt64(long element) => element;
    public static float ToSingle(long element) => element;
    public static double ToDouble(long element) => element;
    public static long FromInt64(long value) => value;
    public static long FromSingle(float value)
        => value >= 9223372036854775808f ? long.MaxValue : value <= -9223372036854775808f ? long.MinValue : float.IsNaN(value) ? 0
        : (long)value;
    public static long FromDouble(double value)
        => value >= 9223372036854775808.0 ? long.MaxValue : value <= -9223372036854775808.0 ? long.MinValue : double.IsNaN(value) ? 0
        : (long)value;
}

internal readonly struct SingleOnGpu : IGpuElement<float>
{
    public static bool IsWhole => false;
    public static bool IsDouble => false;
    public static long ToInt64(float element) => Int64OnGpu.FromSingle(element);
    public static float ToSingle(float element) => element;
    public static double ToDouble(float element) => element;
    public static float FromInt64(long value) => value;
    public static float FromSingle(float value) => value;
    public static float FromDouble(double value) => (float)value;
}

internal readonly struct DoubleOnGpu : IGpuElement<double>
{
    public static bool IsWhole => false;
    public static bool IsDouble => true;
    public static long ToInt64(double element) => Int64OnGpu.FromDouble(element);
    public static float ToSingle(double element) => (float)element;
    public static double ToDouble(double element) => element;
    public static double FromInt64(long value) => value;
    public static double FromSingle(float value) => value;
    public static double FromDouble(double value) => value;
}

/// <summary>The upper 16 bits of a float.</summary>
internal readonly struct BFloat16OnGpu : IGpuElement<ushort>
{
    public static bool IsWhole => false;
    public static bool IsDouble => false;
    public static long ToInt64(ushort element) => Int64OnGpu.FromSingle(ToSingle(element));
    public static float ToSingle(ushort element) => Interop.IntAsFloat((uint)element << 16);
    public static double ToDouble(ushort element) => ToSingle(element);
    public static ushort FromInt64(long value) => FromSingle(RoundedToOdd.OfInt64(value));
    public static ushort FromDouble(double value) => FromSingle(RoundedToOdd.OfDouble(value));

    public static ushort FromSingle(float value)
    {
        uint bits = Interop.FloatAsInt(value);
        if (float.IsNaN(value)) return (ushort)((bits >> 16) | 0x40);
        return (ushort)((bits + 0x7FFF + ((bits >> 16) & 1)) >> 16);
    }
}

/// <summary>IEEE's 16-bit float, from and to its bits: not every GPU that stores them can be asked for it.</summary>
internal readonly struct HalfOnGpu : IGpuElement<ushort>
{
    public static bool IsWhole => false;
    public static bool IsDouble => false;
    public static long ToInt64(ushort element) => Int64OnGpu.FromSingle(ToSingle(element));
    public static double ToDouble(ushort element) => ToSingle(element);
    public static ushort FromInt64(long value) => FromSingle(RoundedToOdd.OfInt64(value));
    public static ushort FromDouble(double value) => FromSingle(RoundedToOdd.OfDouble(value));

    public static float ToSingle(ushort element)
    {
        uint sign = (uint)(element & 0x8000) << 16, exponent = (uint)(element >> 10) & 31, fraction = (uint)element & 0x3FF;
        if (exponent == 31) return Interop.IntAsFloat(sign | 0x7F800000 | (fraction << 13));
        if (exponent != 0) return Interop.IntAsFloat(sign | ((exponent + 112) << 23) | (fraction << 13));
        float tiny = (int)fraction * 5.9604644775390625e-8f;  // denormals count in 2⁻²⁴
        return sign != 0 ? -tiny : tiny;
    }

    public static ushort FromSingle(float value)
    {
        uint bits = Interop.FloatAsInt(value), sign = (bits >> 16) & 0x8000, size = bits & 0x7FFFFFFF;
        if (size > 0x7F800000) return (ushort)(sign | 0x7E00);
        if (size >= 0x477FF000) return (ushort)(sign | 0x7C00);            // 65520 and more round to infinity
        if (size < 0x38800000)                                             // below 2⁻¹⁴: a denormal
        {
            float shifted = Interop.IntAsFloat(size) + 0.5f;               // adding ½ leaves multiples of 2⁻²⁴, rounded to even
            return (ushort)(sign | (Interop.FloatAsInt(shifted) - 0x3F000000));
        }
        return (ushort)(sign | ((size - 0x38000000 + 0xFFF + ((size >> 13) & 1)) >> 13));
    }
}

/// <summary>Rounding to float with the last bit made sticky loses nothing that a second rounding, to fewer bits, needs.</summary>
internal static class RoundedToOdd
{
    public static float OfDouble(double value)
    {
        float near = (float)value;
        double back = near;
        if (back == value || double.IsNaN(value) || back == double.PositiveInfinity || back == double.NegativeInfinity) return near;
        uint bits = Interop.FloatAsInt(near);
        if (DoubleMath.Abs(back) > DoubleMath.Abs(value)) bits--;
        return Interop.IntAsFloat(bits | 1);
    }

    public static float OfInt64(long value)
    {
        if (value < 0) return -OfUnsigned((ulong)-value);
        return OfUnsigned((ulong)value);
    }

    private static float OfUnsigned(ulong value)
    {
        if (value < 1 << 24) return (long)value;
        int shift = 0;
        bool isCut = false;
        for (; value >= 1 << 24; value >>= 1, shift++) isCut |= (value & 1) != 0;
        return (float)(long)(value | (isCut ? 1UL : 0UL)) * Interop.IntAsFloat((uint)(shift + 127) << 23);
    }
}

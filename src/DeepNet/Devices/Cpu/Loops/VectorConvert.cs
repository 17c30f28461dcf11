using System.Runtime.Intrinsics;

namespace DeepNet.Devices.Cpu;

/// <summary>
/// The conversions that training does all the time, whole vectors at a time; each gives what the element-wise rule of
/// <see cref="ConvertLoop"/> gives.
/// </summary>
internal static unsafe class VectorConvert
{
    /// <summary>
    /// Converts as many of the first elements as there are whole vectors, and returns how many: 0 for pairs of types that have no vector
    /// form.
    /// </summary>
    [MethodImpl(AggressiveInlining)]
    public static nint Run<T, U>(T* from, U* to, nint n) where T : unmanaged where U : unmanaged
    {
        if (!Vector256.IsHardwareAccelerated) return 0;
        if (typeof(T) == typeof(float) && typeof(U) == typeof(BFloat16)) return Round((uint*)from, (ushort*)to, n);
        if (typeof(T) == typeof(BFloat16) && typeof(U) == typeof(float)) return Widen((ushort*)from, (uint*)to, n);
        if (typeof(T) == typeof(byte) && typeof(U) == typeof(float)) return FromUInt8((byte*)from, (float*)to, n);
        if (typeof(T) == typeof(sbyte) && typeof(U) == typeof(float)) return FromInt8((sbyte*)from, (float*)to, n);
        if (typeof(T) == typeof(float) && typeof(U) == typeof(double)) return ToDouble((float*)from, (double*)to, n);
        if (typeof(T) == typeof(double) && typeof(U) == typeof(float)) return ToSingle((double*)from, (float*)to, n);
        if (typeof(T) == typeof(int) && typeof(U) == typeof(float)) return FromInt32((int*)from, (float*)to, n);
        return 0;
    }

    // To nearest, halves to even: half a unit of what stays is added, less one bit if what stays is even.
    [MethodImpl(NoInlining | AggressiveOptimization)]
    private static nint Round(uint* from, ushort* to, nint n)
    {
        nint i = 0;
        for (; i <= n - 16; i += 16) Vector256.Narrow(Upper(Vector256.Load(from + i)), Upper(Vector256.Load(from + i + 8))).Store(to + i);
        return i;
    }

    [MethodImpl(AggressiveInlining)]
    private static Vector256<uint> Upper(Vector256<uint> bits)
    {
        var rounded = (bits + Vector256.Create(0x7FFFu) + ((bits >>> 16) & Vector256.Create(1u))) >>> 16;
        var isNumber = Vector256.Equals(bits.AsSingle(), bits.AsSingle()).AsUInt32();
        return Vector256.ConditionalSelect(isNumber, rounded, (bits >>> 16) | Vector256.Create(0x40u));
    }

    [MethodImpl(NoInlining | AggressiveOptimization)]
    private static nint Widen(ushort* from, uint* to, nint n)
    {
        nint i = 0;
        for (; i <= n - 16; i += 16)
        {
            var (low, high) = Vector256.Widen(Vector256.Load(from + i));
            (low << 16).Store(to + i);
            (high << 16).Store(to + i + 8);
        }
        return i;
    }

    [MethodImpl(NoInlining | AggressiveOptimization)]
    private static nint FromUInt8(byte* from, float* to, nint n)
    {
        nint i = 0;
        for (; i <= n - 32; i += 32)
        {
            var (low, high) = Vector256.Widen(Vector256.Load(from + i));
            var (a, b) = Vector256.Widen(low);
            var (c, d) = Vector256.Widen(high);
            Vector256.ConvertToSingle(a.AsInt32()).Store(to + i);
            Vector256.ConvertToSingle(b.AsInt32()).Store(to + i + 8);
            Vector256.ConvertToSingle(c.AsInt32()).Store(to + i + 16);
            Vector256.ConvertToSingle(d.AsInt32()).Store(to + i + 24);
        }
        return i;
    }

    [MethodImpl(NoInlining | AggressiveOptimization)]
    private static nint FromInt8(sbyte* from, float* to, nint n)
    {
        nint i = 0;
        for (; i <= n - 32; i += 32)
        {
            var (low, high) = Vector256.Widen(Vector256.Load(from + i));
            var (a, b) = Vector256.Widen(low);
            var (c, d) = Vector256.Widen(high);
            Vector256.ConvertToSingle(a).Store(to + i);
            Vector256.ConvertToSingle(b).Store(to + i + 8);
            Vector256.ConvertToSingle(c).Store(to + i + 16);
            Vector256.ConvertToSingle(d).Store(to + i + 24);
        }
        return i;
    }

    [MethodImpl(NoInlining | AggressiveOptimization)]
    private static nint ToDouble(float* from, double* to, nint n)
    {
        nint i = 0;
        for (; i <= n - 8; i += 8)
        {
            var (low, high) = Vector256.Widen(Vector256.Load(from + i));
            low.Store(to + i);
            high.Store(to + i + 4);
        }
        return i;
    }

    [MethodImpl(NoInlining | AggressiveOptimization)]
    private static nint ToSingle(double* from, float* to, nint n)
    {
        nint i = 0;
        for (; i <= n - 8; i += 8) Vector256.Narrow(Vector256.Load(from + i), Vector256.Load(from + i + 4)).Store(to + i);
        return i;
    }

    [MethodImpl(NoInlining | AggressiveOptimization)]
    private static nint FromInt32(int* from, float* to, nint n)
    {
        nint i = 0;
        for (; i <= n - 8; i += 8) Vector256.ConvertToSingle(Vector256.Load(from + i)).Store(to + i);
        return i;
    }
}

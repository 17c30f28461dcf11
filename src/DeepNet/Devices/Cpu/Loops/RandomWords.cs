using System.Numerics;

namespace DeepNet.Devices.Cpu;

/// <summary>How random words become numbers of an element type, in place. All conversions are exact or rounded once, so every vector width agrees.</summary>
internal unsafe interface IRandomWords<T>
{
    /// <summary>Words per number.</summary>
    static abstract int Words { get; }

    /// <summary>Uniform in [0, 1).</summary>
    static abstract void ToUnits(T* p, nint n);

    /// <summary>Uniform in (0, 1].</summary>
    static abstract void ToPositiveUnits(T* p, nint n);

    /// <summary>Uniform in [−1, 1].</summary>
    static abstract void ToSignedUnits(T* p, nint n);
}

/// <summary>One word makes a float.</summary>
internal readonly unsafe struct FloatBitsOfWords : IRandomWords<float>
{
    public static int Words => 1;

    [MethodImpl(AggressiveOptimization)]
    public static void ToUnits(float* p, nint n)
    {
        var unit = new Vector<float>(1f / (1 << 24));
        nint i = 0;
        for (; i <= n - Vector<float>.Count; i += Vector<float>.Count)
        {
            var top = Vector.ShiftRightLogical(Vector.Load((uint*)p + i), 8);
            (Vector.ConvertToSingle(Vector.AsVectorInt32(top)) * unit).Store(p + i);
        }
        for (; i < n; i++) p[i] = (int)(((uint*)p)[i] >> 8) * (1f / (1 << 24));
    }

    // 31 bits, because the smallest numbers decide how far out the tails of the normal distribution reach.
    [MethodImpl(AggressiveOptimization)]
    public static void ToPositiveUnits(float* p, nint n)
    {
        var unit = new Vector<float>(1f / (1u << 31));
        var half = new Vector<float>(0.5f);
        nint i = 0;
        for (; i <= n - Vector<float>.Count; i += Vector<float>.Count)
        {
            var top = Vector.ShiftRightLogical(Vector.Load((uint*)p + i), 1);
            ((Vector.ConvertToSingle(Vector.AsVectorInt32(top)) + half) * unit).Store(p + i);
        }
        for (; i < n; i++) p[i] = ((int)(((uint*)p)[i] >> 1) + 0.5f) * (1f / (1u << 31));
    }

    [MethodImpl(AggressiveOptimization)]
    public static void ToSignedUnits(float* p, nint n)
    {
        var unit = new Vector<float>(1f / (1u << 31));
        nint i = 0;
        for (; i <= n - Vector<float>.Count; i += Vector<float>.Count)
            (Vector.ConvertToSingle(Vector.Load((int*)p + i)) * unit).Store(p + i);
        for (; i < n; i++) p[i] = ((int*)p)[i] * (1f / (1u << 31));
    }
}

/// <summary>Two words make a double: 52 bits become the fraction of a number in [1, 2), from which the interval wanted is shifted.</summary>
internal readonly unsafe struct DoubleBitsOfWords : IRandomWords<double>
{
    private const ulong One = 0x3FF0_0000_0000_0000;
    private const double HalfUnit = 1.0 / (1UL << 53);

    public static int Words => 2;

    public static void ToUnits(double* p, nint n) => FromOneToTwo(p, n, 1, -1);

    public static void ToPositiveUnits(double* p, nint n) => FromOneToTwo(p, n, 1, HalfUnit - 1);

    public static void ToSignedUnits(double* p, nint n) => FromOneToTwo(p, n, 2, -3);

    [MethodImpl(AggressiveOptimization)]
    private static void FromOneToTwo(double* p, nint n, double scale, double shift)
    {
        var one = new Vector<ulong>(One);
        var times = new Vector<double>(scale);
        var plus = new Vector<double>(shift);
        nint i = 0;
        for (; i <= n - Vector<double>.Count; i += Vector<double>.Count)
        {
            var bits = Vector.ShiftRightLogical(Vector.Load((ulong*)p + i), 12) | one;
            (Vector.AsVectorDouble(bits) * times + plus).Store(p + i);
        }
        for (; i < n; i++) p[i] = BitConverter.UInt64BitsToDouble(((ulong*)p)[i] >> 12 | One) * scale + shift;
    }
}

namespace DeepNet.Devices.Cpu;

/// <summary>
/// How random words become floats or doubles, in place. All conversions are exact or rounded once, so every vector width agrees.
/// </summary>
internal static unsafe class RandomWords
{
    private const ulong One = 0x3FF0_0000_0000_0000;
    private const double HalfUnit = 1.0 / (1UL << 53);

    /// <summary>Writes the words of a stream's elements from one on: one for a float, two for a double.</summary>
    public static void Fill<T>(RandomSource stream, T* p, nint first, nint n) where T : unmanaged
    {
        int words = sizeof(T) / sizeof(uint);
        Philox.Fill(stream.Key, 0, stream.Counter, (uint*)p, n * words, first * words);
    }

    /// <summary>Uniform in [0, 1).</summary>
    [MethodImpl(AggressiveInlining)]
    public static void ToUnits<T>(T* p, nint n) where T : unmanaged
    {
        if (typeof(T) == typeof(float)) ToUnits((float*)p, n);
        else FromOneToTwo((double*)p, n, 1, -1);
    }

    /// <summary>Uniform in (0, 1].</summary>
    [MethodImpl(AggressiveInlining)]
    public static void ToPositiveUnits<T>(T* p, nint n) where T : unmanaged
    {
        if (typeof(T) == typeof(float)) ToPositiveUnits((float*)p, n);
        else FromOneToTwo((double*)p, n, 1, HalfUnit - 1);
    }

    /// <summary>Uniform in [−1, 1].</summary>
    [MethodImpl(AggressiveInlining)]
    public static void ToSignedUnits<T>(T* p, nint n) where T : unmanaged
    {
        if (typeof(T) == typeof(float)) ToSignedUnits((float*)p, n);
        else FromOneToTwo((double*)p, n, 2, -3);
    }

    [MethodImpl(NoInlining | AggressiveOptimization)]
    private static void ToUnits(float* p, nint n)
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
    [MethodImpl(NoInlining | AggressiveOptimization)]
    private static void ToPositiveUnits(float* p, nint n)
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

    [MethodImpl(NoInlining | AggressiveOptimization)]
    private static void ToSignedUnits(float* p, nint n)
    {
        var unit = new Vector<float>(1f / (1u << 31));
        nint i = 0;
        for (; i <= n - Vector<float>.Count; i += Vector<float>.Count)
            (Vector.ConvertToSingle(Vector.Load((int*)p + i)) * unit).Store(p + i);
        for (; i < n; i++) p[i] = ((int*)p)[i] * (1f / (1u << 31));
    }

    // 52 bits become the fraction of a number in [1, 2), from which the interval wanted is shifted.
    [MethodImpl(NoInlining | AggressiveOptimization)]
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

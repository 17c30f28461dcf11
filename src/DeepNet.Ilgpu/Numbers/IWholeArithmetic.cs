namespace DeepNet.Ilgpu;

/// <summary>The operations that each integer type of kernels has in a way of its own; the rest is <see cref="GpuWhole{T, A}"/>.</summary>
/// <typeparam name="T">The element.</typeparam>
internal interface IWholeArithmetic<T> where T : unmanaged
{
    static abstract T Constant(double value);
    static abstract T Constant(long value);
    static abstract T Add(T a, T b);
    static abstract T Subtract(T a, T b);
    static abstract T Multiply(T a, T b);
    static abstract T Divide(T a, T b);
    static abstract bool IsLess(T a, T b);
    static abstract bool AreEqual(T a, T b);
}

/// <summary>The arithmetic of int32.</summary>
internal readonly struct Int32Arithmetic : IWholeArithmetic<int>
{
    [MethodImpl(AggressiveInlining)]
    public static int Constant(double value) => value >= int.MaxValue ? int.MaxValue : value <= int.MinValue ? int.MinValue : (int)value;
    [MethodImpl(AggressiveInlining)]
    public static int Constant(long value) => value >= int.MaxValue ? int.MaxValue : value <= int.MinValue ? int.MinValue : (int)value;
    [MethodImpl(AggressiveInlining)] public static int Add(int a, int b) => unchecked(a + b);
    [MethodImpl(AggressiveInlining)] public static int Subtract(int a, int b) => unchecked(a - b);
    [MethodImpl(AggressiveInlining)] public static int Multiply(int a, int b) => unchecked(a * b);
    [MethodImpl(AggressiveInlining)] public static bool IsLess(int a, int b) => a < b;
    [MethodImpl(AggressiveInlining)] public static bool AreEqual(int a, int b) => a == b;

    [MethodImpl(AggressiveInlining)]
    public static int Divide(int a, int b)
    {
        if (b == 0) return 0;                       // what a processor would trap on
        if (b == -1) return unchecked(0 - a);       // the smallest integer over −1 overflows
        int quotient = a / b, remainder = a - quotient * b;
        return remainder != 0 && (remainder < 0) != (b < 0) ? quotient - 1 : quotient;
    }
}

/// <summary>The arithmetic of int64.</summary>
internal readonly struct Int64Arithmetic : IWholeArithmetic<long>
{
    [MethodImpl(AggressiveInlining)]
    public static long Constant(double value)
        => value >= long.MaxValue ? long.MaxValue : value <= long.MinValue ? long.MinValue : (long)value;
    [MethodImpl(AggressiveInlining)] public static long Constant(long value) => value;
    [MethodImpl(AggressiveInlining)] public static long Add(long a, long b) => unchecked(a + b);
    [MethodImpl(AggressiveInlining)] public static long Subtract(long a, long b) => unchecked(a - b);
    [MethodImpl(AggressiveInlining)] public static long Multiply(long a, long b) => unchecked(a * b);
    [MethodImpl(AggressiveInlining)] public static bool IsLess(long a, long b) => a < b;
    [MethodImpl(AggressiveInlining)] public static bool AreEqual(long a, long b) => a == b;

    [MethodImpl(AggressiveInlining)]
    public static long Divide(long a, long b)
    {
        if (b == 0) return 0;
        if (b == -1) return unchecked(0 - a);
        long quotient = a / b, remainder = a - quotient * b;
        return remainder != 0 && (remainder < 0) != (b < 0) ? quotient - 1 : quotient;
    }
}

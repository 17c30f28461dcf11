namespace DeepNet.Ilgpu;

/// <summary>
/// One int64 in a kernel. Arithmetic wraps and division rounds towards minus infinity. Functions with fractions are never reached, because
/// such tensors become float32 first; in a kernel nothing can be thrown, so here they are the identity.
/// </summary>
internal readonly struct GpuInt64(long v) : IGpuNumber<GpuInt64, long>
{
    public readonly long V = v;

    [MethodImpl(AggressiveInlining)]
    public static GpuInt64 From(long element) => new(element);

    [MethodImpl(AggressiveInlining)]
    public static long To(GpuInt64 number) => number.V;

    [MethodImpl(AggressiveInlining)]
    public static byte IsTrue(GpuInt64 number) => number.V != 0 ? (byte)1 : (byte)0;

    [MethodImpl(AggressiveInlining)]
    public static bool IsNaN(GpuInt64 number) => false;

    [MethodImpl(AggressiveInlining)]
    public static bool IsLess(GpuInt64 a, GpuInt64 b) => a.V < b.V;

    [MethodImpl(AggressiveInlining)]
    public static GpuInt64 Constant(double value)
        => new(value >= long.MaxValue ? long.MaxValue : value <= long.MinValue ? long.MinValue : (long)value);

    [MethodImpl(AggressiveInlining)]
    public static GpuInt64 Constant(Setting value) => new(value.Whole);

    [MethodImpl(AggressiveInlining)]
    public static GpuInt64 OfInt32(int value) => new(value);

    [MethodImpl(AggressiveInlining)]
    public static GpuInt64 operator +(GpuInt64 a, GpuInt64 b) => new(unchecked((long)(a.V + b.V)));

    [MethodImpl(AggressiveInlining)]
    public static GpuInt64 operator -(GpuInt64 a, GpuInt64 b) => new(unchecked((long)(a.V - b.V)));

    [MethodImpl(AggressiveInlining)]
    public static GpuInt64 operator *(GpuInt64 a, GpuInt64 b) => new(unchecked((long)(a.V * b.V)));

    [MethodImpl(AggressiveInlining)]
    public static GpuInt64 operator /(GpuInt64 a, GpuInt64 b)
    {
        if (b.V == 0) return new(0);         // what a processor would trap on
        if (b.V == -1) return -a;            // the smallest integer over −1 overflows
        long quotient = a.V / b.V, remainder = a.V - quotient * b.V;
        return new(remainder != 0 && (remainder < 0) != (b.V < 0) ? quotient - 1 : quotient);
    }

    [MethodImpl(AggressiveInlining)]
    public static GpuInt64 operator -(GpuInt64 a) => new(unchecked((long)(0 - a.V)));

    [MethodImpl(AggressiveInlining)]
    public static GpuInt64 Fma(GpuInt64 a, GpuInt64 b, GpuInt64 c) => new(unchecked((long)(a.V * b.V + c.V)));

    [MethodImpl(AggressiveInlining)]
    public static GpuInt64 Abs(GpuInt64 x) => x.V < 0 ? -x : x;

    [MethodImpl(AggressiveInlining)]
    public static GpuInt64 Max(GpuInt64 a, GpuInt64 b) => a.V > b.V ? a : b;

    [MethodImpl(AggressiveInlining)]
    public static GpuInt64 Min(GpuInt64 a, GpuInt64 b) => a.V < b.V ? a : b;

    [MethodImpl(AggressiveInlining)]
    public static GpuInt64 IfGreater(GpuInt64 p, GpuInt64 q, GpuInt64 a, GpuInt64 b) => p.V > q.V ? a : b;

    [MethodImpl(AggressiveInlining)]
    public static GpuInt64 IfEqual(GpuInt64 p, GpuInt64 q, GpuInt64 a, GpuInt64 b) => p.V == q.V ? a : b;

    [MethodImpl(AggressiveInlining)]
    public static GpuInt64 Pow(GpuInt64 a, GpuInt64 b) => a;

    [MethodImpl(AggressiveInlining)]
    public static GpuInt64 Exp(GpuInt64 x) => x;

    [MethodImpl(AggressiveInlining)]
    public static GpuInt64 Expm1(GpuInt64 x) => x;

    [MethodImpl(AggressiveInlining)]
    public static GpuInt64 Log(GpuInt64 x) => x;

    [MethodImpl(AggressiveInlining)]
    public static GpuInt64 Log1p(GpuInt64 x) => x;

    [MethodImpl(AggressiveInlining)]
    public static GpuInt64 Sin(GpuInt64 x) => x;

    [MethodImpl(AggressiveInlining)]
    public static GpuInt64 Cos(GpuInt64 x) => x;

    [MethodImpl(AggressiveInlining)]
    public static GpuInt64 Atan(GpuInt64 x) => x;

    [MethodImpl(AggressiveInlining)]
    public static GpuInt64 Tanh(GpuInt64 x) => x;

    [MethodImpl(AggressiveInlining)]
    public static GpuInt64 Erf(GpuInt64 x) => x;

    [MethodImpl(AggressiveInlining)]
    public static GpuInt64 Sqrt(GpuInt64 x) => x;

    [MethodImpl(AggressiveInlining)]
    public static GpuInt64 Floor(GpuInt64 x) => x;

    [MethodImpl(AggressiveInlining)]
    public static GpuInt64 Ceil(GpuInt64 x) => x;

    [MethodImpl(AggressiveInlining)]
    public static GpuInt64 Round(GpuInt64 x) => x;
}

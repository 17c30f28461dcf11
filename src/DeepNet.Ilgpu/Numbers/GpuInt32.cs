namespace DeepNet.Ilgpu;

/// <summary>
/// One int32 in a kernel. Arithmetic wraps and division rounds towards minus infinity. Functions with fractions are never reached, because
/// such tensors become float32 first; in a kernel nothing can be thrown, so here they are the identity.
/// </summary>
internal readonly struct GpuInt32(int v) : IGpuNumber<GpuInt32, int>
{
    public readonly int V = v;

    [MethodImpl(AggressiveInlining)]
    public static GpuInt32 From(int element) => new(element);

    [MethodImpl(AggressiveInlining)]
    public static int To(GpuInt32 number) => number.V;

    [MethodImpl(AggressiveInlining)]
    public static byte IsTrue(GpuInt32 number) => number.V != 0 ? (byte)1 : (byte)0;

    [MethodImpl(AggressiveInlining)]
    public static bool IsNaN(GpuInt32 number) => false;

    [MethodImpl(AggressiveInlining)]
    public static bool IsLess(GpuInt32 a, GpuInt32 b) => a.V < b.V;

    [MethodImpl(AggressiveInlining)]
    public static GpuInt32 Constant(double value)
        => new(value >= int.MaxValue ? int.MaxValue : value <= int.MinValue ? int.MinValue : (int)value);

    [MethodImpl(AggressiveInlining)]
    public static GpuInt32 Constant(Setting value)
        => new(value.Whole >= int.MaxValue ? int.MaxValue : value.Whole <= int.MinValue ? int.MinValue : (int)value.Whole);

    [MethodImpl(AggressiveInlining)]
    public static GpuInt32 OfInt32(int value) => new(value);

    [MethodImpl(AggressiveInlining)]
    public static GpuInt32 operator +(GpuInt32 a, GpuInt32 b) => new(unchecked((int)(a.V + b.V)));

    [MethodImpl(AggressiveInlining)]
    public static GpuInt32 operator -(GpuInt32 a, GpuInt32 b) => new(unchecked((int)(a.V - b.V)));

    [MethodImpl(AggressiveInlining)]
    public static GpuInt32 operator *(GpuInt32 a, GpuInt32 b) => new(unchecked((int)(a.V * b.V)));

    [MethodImpl(AggressiveInlining)]
    public static GpuInt32 operator /(GpuInt32 a, GpuInt32 b)
    {
        if (b.V == 0) return new(0);         // what a processor would trap on
        if (b.V == -1) return -a;            // the smallest integer over −1 overflows
        int quotient = a.V / b.V, remainder = a.V - quotient * b.V;
        return new(remainder != 0 && (remainder < 0) != (b.V < 0) ? quotient - 1 : quotient);
    }

    [MethodImpl(AggressiveInlining)]
    public static GpuInt32 operator -(GpuInt32 a) => new(unchecked((int)(0 - a.V)));

    [MethodImpl(AggressiveInlining)]
    public static GpuInt32 Fma(GpuInt32 a, GpuInt32 b, GpuInt32 c) => new(unchecked((int)(a.V * b.V + c.V)));

    [MethodImpl(AggressiveInlining)]
    public static GpuInt32 Abs(GpuInt32 x) => x.V < 0 ? -x : x;

    [MethodImpl(AggressiveInlining)]
    public static GpuInt32 Max(GpuInt32 a, GpuInt32 b) => a.V > b.V ? a : b;

    [MethodImpl(AggressiveInlining)]
    public static GpuInt32 Min(GpuInt32 a, GpuInt32 b) => a.V < b.V ? a : b;

    [MethodImpl(AggressiveInlining)]
    public static GpuInt32 IfGreater(GpuInt32 p, GpuInt32 q, GpuInt32 a, GpuInt32 b) => p.V > q.V ? a : b;

    [MethodImpl(AggressiveInlining)]
    public static GpuInt32 IfEqual(GpuInt32 p, GpuInt32 q, GpuInt32 a, GpuInt32 b) => p.V == q.V ? a : b;

    [MethodImpl(AggressiveInlining)]
    public static GpuInt32 Pow(GpuInt32 a, GpuInt32 b) => a;

    [MethodImpl(AggressiveInlining)]
    public static GpuInt32 Exp(GpuInt32 x) => x;

    [MethodImpl(AggressiveInlining)]
    public static GpuInt32 Expm1(GpuInt32 x) => x;

    [MethodImpl(AggressiveInlining)]
    public static GpuInt32 Log(GpuInt32 x) => x;

    [MethodImpl(AggressiveInlining)]
    public static GpuInt32 Log1p(GpuInt32 x) => x;

    [MethodImpl(AggressiveInlining)]
    public static GpuInt32 Sin(GpuInt32 x) => x;

    [MethodImpl(AggressiveInlining)]
    public static GpuInt32 Cos(GpuInt32 x) => x;

    [MethodImpl(AggressiveInlining)]
    public static GpuInt32 Atan(GpuInt32 x) => x;

    [MethodImpl(AggressiveInlining)]
    public static GpuInt32 Tanh(GpuInt32 x) => x;

    [MethodImpl(AggressiveInlining)]
    public static GpuInt32 Erf(GpuInt32 x) => x;

    [MethodImpl(AggressiveInlining)]
    public static GpuInt32 Sqrt(GpuInt32 x) => x;

    [MethodImpl(AggressiveInlining)]
    public static GpuInt32 Floor(GpuInt32 x) => x;

    [MethodImpl(AggressiveInlining)]
    public static GpuInt32 Ceil(GpuInt32 x) => x;

    [MethodImpl(AggressiveInlining)]
    public static GpuInt32 Round(GpuInt32 x) => x;
}

namespace DeepNet.Ilgpu;

/// <summary>How a byte is read as a number.</summary>
internal interface IByteKind
{
    static abstract int Least { get; }
    static abstract int Most { get; }

    /// <summary>The number that the last eight bits are.</summary>
    static abstract int Wrap(int value);
}

/// <summary>From 0 to 255: uint8, and bool as 0 or 1.</summary>
internal readonly struct Unsigned : IByteKind
{
    public static int Least => 0;
    public static int Most => 255;
    public static int Wrap(int value) => value & 255;
}

/// <summary>From −128 to 127: int8.</summary>
internal readonly struct Signed : IByteKind
{
    public static int Least => -128;
    public static int Most => 127;
    public static int Wrap(int value) => value << 24 >> 24;
}

/// <summary>
/// One uint8, int8 or bool in a kernel, which computes with it as an int32: not every GPU's compiler is told whether a byte has a sign.
/// Arithmetic wraps and division rounds towards minus infinity. Functions with fractions are never reached, because such tensors become
/// float32 first; in a kernel nothing can be thrown, so here they are the identity.
/// </summary>
/// <typeparam name="TKind">With a sign or without.</typeparam>
/// <param name="v">The number.</param>
internal readonly struct GpuByte<TKind>(int v) : IGpuNumber<GpuByte<TKind>, byte> where TKind : unmanaged, IByteKind
{
    public readonly int V = v;

    [MethodImpl(AggressiveInlining)]
    public static GpuByte<TKind> From(byte element) => new(TKind.Wrap(element));

    [MethodImpl(AggressiveInlining)]
    public static byte To(GpuByte<TKind> number) => unchecked((byte)number.V);

    [MethodImpl(AggressiveInlining)]
    public static byte IsTrue(GpuByte<TKind> number) => number.V != 0 ? (byte)1 : (byte)0;

    [MethodImpl(AggressiveInlining)]
    public static bool IsNaN(GpuByte<TKind> number) => false;

    [MethodImpl(AggressiveInlining)]
    public static bool IsLess(GpuByte<TKind> a, GpuByte<TKind> b) => a.V < b.V;

    [MethodImpl(AggressiveInlining)]
    public static GpuByte<TKind> Constant(double value)
        => new(value >= TKind.Most ? TKind.Most : value <= TKind.Least ? TKind.Least : (int)value);

    [MethodImpl(AggressiveInlining)]
    public static GpuByte<TKind> Constant(Setting value)
        => new(value.Whole >= TKind.Most ? TKind.Most : value.Whole <= TKind.Least ? TKind.Least : (int)value.Whole);

    [MethodImpl(AggressiveInlining)]
    public static GpuByte<TKind> OfInt32(int value) => new(TKind.Wrap(value));

    [MethodImpl(AggressiveInlining)]
    public static GpuByte<TKind> operator +(GpuByte<TKind> a, GpuByte<TKind> b) => new(TKind.Wrap(a.V + b.V));

    [MethodImpl(AggressiveInlining)]
    public static GpuByte<TKind> operator -(GpuByte<TKind> a, GpuByte<TKind> b) => new(TKind.Wrap(a.V - b.V));

    [MethodImpl(AggressiveInlining)]
    public static GpuByte<TKind> operator *(GpuByte<TKind> a, GpuByte<TKind> b) => new(TKind.Wrap(a.V * b.V));

    [MethodImpl(AggressiveInlining)]
    public static GpuByte<TKind> operator /(GpuByte<TKind> a, GpuByte<TKind> b)
    {
        if (b.V == 0) return new(0);         // what a processor would trap on
        int quotient = a.V / b.V, remainder = a.V - quotient * b.V;
        return new(TKind.Wrap(remainder != 0 && (remainder < 0) != (b.V < 0) ? quotient - 1 : quotient));
    }

    [MethodImpl(AggressiveInlining)]
    public static GpuByte<TKind> operator -(GpuByte<TKind> a) => new(TKind.Wrap(-a.V));

    [MethodImpl(AggressiveInlining)]
    public static GpuByte<TKind> Fma(GpuByte<TKind> a, GpuByte<TKind> b, GpuByte<TKind> c) => new(TKind.Wrap(a.V * b.V + c.V));

    [MethodImpl(AggressiveInlining)]
    public static GpuByte<TKind> Abs(GpuByte<TKind> x) => x.V < 0 ? -x : x;

    [MethodImpl(AggressiveInlining)]
    public static GpuByte<TKind> Max(GpuByte<TKind> a, GpuByte<TKind> b) => a.V > b.V ? a : b;

    [MethodImpl(AggressiveInlining)]
    public static GpuByte<TKind> Min(GpuByte<TKind> a, GpuByte<TKind> b) => a.V < b.V ? a : b;

    [MethodImpl(AggressiveInlining)]
    public static GpuByte<TKind> IfGreater(GpuByte<TKind> p, GpuByte<TKind> q, GpuByte<TKind> a, GpuByte<TKind> b) => p.V > q.V ? a : b;

    [MethodImpl(AggressiveInlining)]
    public static GpuByte<TKind> IfEqual(GpuByte<TKind> p, GpuByte<TKind> q, GpuByte<TKind> a, GpuByte<TKind> b) => p.V == q.V ? a : b;

    [MethodImpl(AggressiveInlining)]
    public static GpuByte<TKind> Pow(GpuByte<TKind> a, GpuByte<TKind> b) => a;

    [MethodImpl(AggressiveInlining)]
    public static GpuByte<TKind> Exp(GpuByte<TKind> x) => x;

    [MethodImpl(AggressiveInlining)]
    public static GpuByte<TKind> Expm1(GpuByte<TKind> x) => x;

    [MethodImpl(AggressiveInlining)]
    public static GpuByte<TKind> Log(GpuByte<TKind> x) => x;

    [MethodImpl(AggressiveInlining)]
    public static GpuByte<TKind> Log1p(GpuByte<TKind> x) => x;

    [MethodImpl(AggressiveInlining)]
    public static GpuByte<TKind> Sin(GpuByte<TKind> x) => x;

    [MethodImpl(AggressiveInlining)]
    public static GpuByte<TKind> Cos(GpuByte<TKind> x) => x;

    [MethodImpl(AggressiveInlining)]
    public static GpuByte<TKind> Atan(GpuByte<TKind> x) => x;

    [MethodImpl(AggressiveInlining)]
    public static GpuByte<TKind> Tanh(GpuByte<TKind> x) => x;

    [MethodImpl(AggressiveInlining)]
    public static GpuByte<TKind> Erf(GpuByte<TKind> x) => x;

    [MethodImpl(AggressiveInlining)]
    public static GpuByte<TKind> Sqrt(GpuByte<TKind> x) => x;

    [MethodImpl(AggressiveInlining)]
    public static GpuByte<TKind> Floor(GpuByte<TKind> x) => x;

    [MethodImpl(AggressiveInlining)]
    public static GpuByte<TKind> Ceil(GpuByte<TKind> x) => x;

    [MethodImpl(AggressiveInlining)]
    public static GpuByte<TKind> Round(GpuByte<TKind> x) => x;
}

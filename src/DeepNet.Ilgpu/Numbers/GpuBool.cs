namespace DeepNet.Ilgpu;

/// <summary>
/// One bool, as the byte 0 or 1, in a kernel. Arithmetic wraps and division rounds towards minus infinity. Functions with fractions are
/// never reached, because such tensors become float32 first; in a kernel nothing can be thrown, so here they are the identity.
/// </summary>
internal readonly struct GpuBool(byte v) : IGpuNumber<GpuBool, byte>
{
    public readonly byte V = v;

    [MethodImpl(AggressiveInlining)]
    public static GpuBool From(byte element) => new(element);

    [MethodImpl(AggressiveInlining)]
    public static byte To(GpuBool number) => number.V;

    [MethodImpl(AggressiveInlining)]
    public static byte IsTrue(GpuBool number) => number.V != 0 ? (byte)1 : (byte)0;

    [MethodImpl(AggressiveInlining)]
    public static bool IsNaN(GpuBool number) => false;

    [MethodImpl(AggressiveInlining)]
    public static bool IsLess(GpuBool a, GpuBool b) => a.V < b.V;

    // No larger than 127: OpenCL's compilers are told of signed bytes. More than 1 is only ever the end of a range.
    [MethodImpl(AggressiveInlining)]
    public static GpuBool Constant(double value) => new(value >= 127 ? (byte)127 : value <= 0 ? (byte)0 : (byte)value);

    [MethodImpl(AggressiveInlining)]
    public static GpuBool Constant(Setting value) => new(value.Whole >= 127 ? (byte)127 : value.Whole <= 0 ? (byte)0 : (byte)value.Whole);

    [MethodImpl(AggressiveInlining)]
    public static GpuBool OfInt32(int value) => new((byte)value);

    [MethodImpl(AggressiveInlining)]
    public static GpuBool operator +(GpuBool a, GpuBool b) => new(unchecked((byte)(a.V + b.V)));

    [MethodImpl(AggressiveInlining)]
    public static GpuBool operator -(GpuBool a, GpuBool b) => new(unchecked((byte)(a.V - b.V)));

    [MethodImpl(AggressiveInlining)]
    public static GpuBool operator *(GpuBool a, GpuBool b) => new(unchecked((byte)(a.V * b.V)));

    [MethodImpl(AggressiveInlining)]
    public static GpuBool operator /(GpuBool a, GpuBool b) => new(b.V == 0 ? (byte)0 : (byte)(a.V / b.V));

    [MethodImpl(AggressiveInlining)]
    public static GpuBool operator -(GpuBool a) => new(unchecked((byte)(0 - a.V)));

    [MethodImpl(AggressiveInlining)]
    public static GpuBool Fma(GpuBool a, GpuBool b, GpuBool c) => new(unchecked((byte)(a.V * b.V + c.V)));

    [MethodImpl(AggressiveInlining)]
    public static GpuBool Abs(GpuBool x) => x;

    [MethodImpl(AggressiveInlining)]
    public static GpuBool Max(GpuBool a, GpuBool b) => a.V > b.V ? a : b;

    [MethodImpl(AggressiveInlining)]
    public static GpuBool Min(GpuBool a, GpuBool b) => a.V < b.V ? a : b;

    [MethodImpl(AggressiveInlining)]
    public static GpuBool IfGreater(GpuBool p, GpuBool q, GpuBool a, GpuBool b) => p.V > q.V ? a : b;

    [MethodImpl(AggressiveInlining)]
    public static GpuBool IfEqual(GpuBool p, GpuBool q, GpuBool a, GpuBool b) => p.V == q.V ? a : b;

    [MethodImpl(AggressiveInlining)]
    public static GpuBool Pow(GpuBool a, GpuBool b) => a;

    [MethodImpl(AggressiveInlining)]
    public static GpuBool Exp(GpuBool x) => x;

    [MethodImpl(AggressiveInlining)]
    public static GpuBool Expm1(GpuBool x) => x;

    [MethodImpl(AggressiveInlining)]
    public static GpuBool Log(GpuBool x) => x;

    [MethodImpl(AggressiveInlining)]
    public static GpuBool Log1p(GpuBool x) => x;

    [MethodImpl(AggressiveInlining)]
    public static GpuBool Sin(GpuBool x) => x;

    [MethodImpl(AggressiveInlining)]
    public static GpuBool Cos(GpuBool x) => x;

    [MethodImpl(AggressiveInlining)]
    public static GpuBool Atan(GpuBool x) => x;

    [MethodImpl(AggressiveInlining)]
    public static GpuBool Tanh(GpuBool x) => x;

    [MethodImpl(AggressiveInlining)]
    public static GpuBool Erf(GpuBool x) => x;

    [MethodImpl(AggressiveInlining)]
    public static GpuBool Sqrt(GpuBool x) => x;

    [MethodImpl(AggressiveInlining)]
    public static GpuBool Floor(GpuBool x) => x;

    [MethodImpl(AggressiveInlining)]
    public static GpuBool Ceil(GpuBool x) => x;

    [MethodImpl(AggressiveInlining)]
    public static GpuBool Round(GpuBool x) => x;
}

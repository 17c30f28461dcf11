namespace DeepNet.Ilgpu;

/// <summary>One double in a kernel, for devices that have them; its functions are those of <see cref="DoubleMath"/>.</summary>
internal readonly struct GpuDouble(double v) : IGpuNumber<GpuDouble, double>
{
    public readonly double V = v;

    [MethodImpl(AggressiveInlining)]
    public static GpuDouble From(double element) => new(element);

    [MethodImpl(AggressiveInlining)]
    public static double To(GpuDouble number) => number.V;

    [MethodImpl(AggressiveInlining)]
    public static byte IsTrue(GpuDouble number) => number.V != 0 ? (byte)1 : (byte)0;

    [MethodImpl(AggressiveInlining)]
    public static bool IsNaN(GpuDouble number) => double.IsNaN(number.V);

    [MethodImpl(AggressiveInlining)]
    public static bool IsLess(GpuDouble a, GpuDouble b) => IsGreater(b.V, a.V);

    [MethodImpl(AggressiveInlining)]
    public static GpuDouble Constant(double value) => new(value);

    [MethodImpl(AggressiveInlining)]
    public static GpuDouble Constant(Setting value) => new(Interop.IntAsFloat((ulong)value.Bits));

    [MethodImpl(AggressiveInlining)]
    public static GpuDouble OfInt32(int value) => new(value);

    [MethodImpl(AggressiveInlining)]
    public static GpuDouble operator +(GpuDouble a, GpuDouble b) => new(a.V + b.V);

    [MethodImpl(AggressiveInlining)]
    public static GpuDouble operator -(GpuDouble a, GpuDouble b) => new(a.V - b.V);

    [MethodImpl(AggressiveInlining)]
    public static GpuDouble operator *(GpuDouble a, GpuDouble b) => new(a.V * b.V);

    [MethodImpl(AggressiveInlining)]
    public static GpuDouble operator /(GpuDouble a, GpuDouble b) => new(a.V / b.V);

    [MethodImpl(AggressiveInlining)]
    public static GpuDouble operator -(GpuDouble a) => new(-a.V);

    [MethodImpl(AggressiveInlining)]
    public static GpuDouble Fma(GpuDouble a, GpuDouble b, GpuDouble c) => new(a.V * b.V + c.V); // assemblers fuse what they can

    [MethodImpl(AggressiveInlining)]
    public static GpuDouble Exp(GpuDouble x) => new(DoubleMath.Exp(x.V));

    [MethodImpl(AggressiveInlining)]
    public static GpuDouble Expm1(GpuDouble x) => new(DoubleMath.Expm1(x.V));

    [MethodImpl(AggressiveInlining)]
    public static GpuDouble Log(GpuDouble x) => new(DoubleMath.Log(x.V));

    [MethodImpl(AggressiveInlining)]
    public static GpuDouble Log1p(GpuDouble x) => new(DoubleMath.Log1p(x.V));

    [MethodImpl(AggressiveInlining)]
    public static GpuDouble Sin(GpuDouble x) => new(DoubleMath.Sin(x.V));

    [MethodImpl(AggressiveInlining)]
    public static GpuDouble Cos(GpuDouble x) => new(DoubleMath.Cos(x.V));

    [MethodImpl(AggressiveInlining)]
    public static GpuDouble Atan(GpuDouble x) => new(DoubleMath.Atan(x.V));

    [MethodImpl(AggressiveInlining)]
    public static GpuDouble Tanh(GpuDouble x) => new(DoubleMath.Tanh(x.V));

    [MethodImpl(AggressiveInlining)]
    public static GpuDouble Erf(GpuDouble x) => new(DoubleMath.Erf(x.V));

    [MethodImpl(AggressiveInlining)]
    public static GpuDouble Erfc(GpuDouble x) => new(DoubleMath.Erfc(x.V));

    [MethodImpl(AggressiveInlining)]
    public static GpuDouble Floor(GpuDouble x) => new(DoubleMath.Floor(x.V));

    [MethodImpl(AggressiveInlining)]
    public static GpuDouble Round(GpuDouble x) => new(DoubleMath.Round(x.V));

    [MethodImpl(AggressiveInlining)]
    public static GpuDouble Abs(GpuDouble x) => new(DoubleMath.Abs(x.V));

    [MethodImpl(AggressiveInlining)]
    public static GpuDouble Ceil(GpuDouble x) => new(-DoubleMath.Floor(-x.V));

    [MethodImpl(AggressiveInlining)]
    public static GpuDouble OnePlusExp(GpuDouble x) => Constant(1) + Exp(x);

    [MethodImpl(AggressiveInlining)]
    public static GpuDouble NormalCdf(GpuDouble x) => new(0.5 * DoubleMath.Erfc(x.V * -0.70710678118654752));

    [MethodImpl(AggressiveInlining)]
    public static GpuDouble Pow(GpuDouble a, GpuDouble b) => new(DoubleMath.Pow(a.V, b.V));

    [MethodImpl(AggressiveInlining)]
    public static GpuDouble Sqrt(GpuDouble x) => new(Math.Sqrt(x.V));

    [MethodImpl(AggressiveInlining)]
    public static GpuDouble Max(GpuDouble a, GpuDouble b) => double.IsNaN(a.V) | double.IsNaN(b.V) ? a + b : a.V > b.V ? a : b;

    [MethodImpl(AggressiveInlining)]
    public static GpuDouble Min(GpuDouble a, GpuDouble b) => double.IsNaN(a.V) | double.IsNaN(b.V) ? a + b : a.V < b.V ? a : b;

    [MethodImpl(AggressiveInlining)]
    public static GpuDouble IfGreater(GpuDouble p, GpuDouble q, GpuDouble a, GpuDouble b) => IsGreater(p.V, q.V) ? a : b;

    // ILGPU turns a comparison around whose first side is a constant, and with the sides it wrongly turns the answer for what is no number
    // (in PTX: ltu for gt). So that answer is given outright.
    [MethodImpl(AggressiveInlining)]
    private static bool IsGreater(double a, double b) => a > b & !double.IsNaN(a) & !double.IsNaN(b);

    [MethodImpl(AggressiveInlining)]
    public static GpuDouble IfEqual(GpuDouble p, GpuDouble q, GpuDouble a, GpuDouble b) => p.V == q.V ? a : b;
}

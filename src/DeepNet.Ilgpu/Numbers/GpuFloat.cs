namespace DeepNet.Ilgpu;

/// <summary>
/// One float in a kernel. Its functions are the library's own, made of arithmetic alone, so that every device agrees with the processor to
/// a few units in the last place: the instructions that GPUs have for exp, log and sin are approximations. They cost little where memory is
/// what an elementwise kernel waits for.
/// </summary>
internal readonly partial struct GpuFloat(float v) : IFloatLanes<GpuFloat>, IGpuNumber<GpuFloat, float>
{
    public readonly float V = v;

    [MethodImpl(AggressiveInlining)]
    public static GpuFloat From(float element) => new(element);

    [MethodImpl(AggressiveInlining)]
    public static float To(GpuFloat number) => number.V;

    [MethodImpl(AggressiveInlining)]
    public static byte IsTrue(GpuFloat number) => number.V != 0 ? (byte)1 : (byte)0;

    [MethodImpl(AggressiveInlining)]
    public static bool IsNaN(GpuFloat number) => float.IsNaN(number.V);

    [MethodImpl(AggressiveInlining)]
    public static bool IsLess(GpuFloat a, GpuFloat b) => IsGreater(b.V, a.V);

    [MethodImpl(AggressiveInlining)]
    public static GpuFloat Constant(double value) => new((float)value);

    [MethodImpl(AggressiveInlining)]
    public static GpuFloat Constant(Setting value) => new(value.Single);

    [MethodImpl(AggressiveInlining)]
    public static GpuFloat OfInt32(int value) => new(value);

    [MethodImpl(AggressiveInlining)]
    public static GpuFloat operator +(GpuFloat a, GpuFloat b) => new(a.V + b.V);

    [MethodImpl(AggressiveInlining)]
    public static GpuFloat operator -(GpuFloat a, GpuFloat b) => new(a.V - b.V);

    [MethodImpl(AggressiveInlining)]
    public static GpuFloat operator *(GpuFloat a, GpuFloat b) => new(a.V * b.V);

    [MethodImpl(AggressiveInlining)]
    public static GpuFloat operator /(GpuFloat a, GpuFloat b) => new(a.V / b.V);

    [MethodImpl(AggressiveInlining)]
    public static GpuFloat operator -(GpuFloat a) => new(-a.V);

    [MethodImpl(AggressiveInlining)]
    public static GpuFloat Fma(GpuFloat a, GpuFloat b, GpuFloat c) => new(a.V * b.V + c.V); // assemblers fuse what they can

    [MethodImpl(AggressiveInlining)]
    public static GpuFloat Exp(GpuFloat x) => Elementary.Exp(x);

    [MethodImpl(AggressiveInlining)]
    public static GpuFloat Expm1(GpuFloat x) => Elementary.Expm1(x);

    [MethodImpl(AggressiveInlining)]
    public static GpuFloat OnePlusExp(GpuFloat x) => Elementary.OnePlusExp(x);

    [MethodImpl(AggressiveInlining)]
    public static GpuFloat Log(GpuFloat x) => Elementary.Log(x);

    [MethodImpl(AggressiveInlining)]
    public static GpuFloat Log1p(GpuFloat x) => Elementary.Log1p(x);

    [MethodImpl(AggressiveInlining)]
    public static GpuFloat Sin(GpuFloat x) => Elementary.SinNear(Angle.Reduce(x.V));

    [MethodImpl(AggressiveInlining)]
    public static GpuFloat Cos(GpuFloat x) => Elementary.CosNear(Angle.Reduce(x.V));

    [MethodImpl(AggressiveInlining)]
    public static GpuFloat Atan(GpuFloat x) => Elementary.Atan(x);

    [MethodImpl(AggressiveInlining)]
    public static GpuFloat Tanh(GpuFloat x) => Elementary.Tanh(x);

    [MethodImpl(AggressiveInlining)]
    public static GpuFloat Erf(GpuFloat x) => Elementary.Erf(x);

    [MethodImpl(AggressiveInlining)]
    public static GpuFloat Erfc(GpuFloat x) => Elementary.Erfc(x);

    [MethodImpl(AggressiveInlining)]
    public static GpuFloat NormalCdf(GpuFloat x) => Elementary.NormalCdf(x);

    [MethodImpl(AggressiveInlining)]
    // a product of b and ln a in single precision would lose digits
    public static GpuFloat Pow(GpuFloat a, GpuFloat b) => new((float)DoubleMath.Pow(a.V, b.V));

    [MethodImpl(AggressiveInlining)]
    public static GpuFloat Sqrt(GpuFloat x) => new(MathF.Sqrt(x.V));

    [MethodImpl(AggressiveInlining)]
    public static GpuFloat Abs(GpuFloat x) => new(Interop.IntAsFloat((uint)(Bits(x) & int.MaxValue)));

    [MethodImpl(AggressiveInlining)]
    public static GpuFloat Floor(GpuFloat x) => new(MathF.Floor(x.V));

    [MethodImpl(AggressiveInlining)]
    public static GpuFloat Ceil(GpuFloat x) => new(MathF.Ceiling(x.V));

    [MethodImpl(AggressiveInlining)]
    public static GpuFloat Round(GpuFloat x) // floats from 2²³ on are integral; below, adding 2²³ rounds to even
    {
        GpuFloat magnitude = Abs(x);
        return magnitude.V < 8388608f ? WithSign(new(magnitude.V + 8388608f - 8388608f), x) : x;
    }

    [MethodImpl(AggressiveInlining)]
    // GPU maxima drop NaN
    public static GpuFloat Max(GpuFloat a, GpuFloat b) => float.IsNaN(a.V) | float.IsNaN(b.V) ? a + b : a.V > b.V ? a : b;

    [MethodImpl(AggressiveInlining)]
    public static GpuFloat Min(GpuFloat a, GpuFloat b) => float.IsNaN(a.V) | float.IsNaN(b.V) ? a + b : a.V < b.V ? a : b;

    [MethodImpl(AggressiveInlining)]
    public static GpuFloat IfGreater(GpuFloat p, GpuFloat q, GpuFloat a, GpuFloat b) => IsGreater(p.V, q.V) ? a : b;

    // ILGPU turns a comparison around whose first side is a constant, and with the sides it wrongly turns the answer for what is no number
    // (in PTX: ltu for gt). So that answer is given outright.
    [MethodImpl(AggressiveInlining)]
    private static bool IsGreater(float a, float b) => a > b & !float.IsNaN(a) & !float.IsNaN(b);

    [MethodImpl(AggressiveInlining)]
    public static GpuFloat IfEqual(GpuFloat p, GpuFloat q, GpuFloat a, GpuFloat b) => p.V == q.V ? a : b;

    [MethodImpl(AggressiveInlining)]
    public static GpuFloat AtLeast(double limit, GpuFloat x) => x.V < (float)limit ? new((float)limit) : x;

    [MethodImpl(AggressiveInlining)]
    public static GpuFloat AtMost(double limit, GpuFloat x) => x.V > (float)limit ? new((float)limit) : x;

    [MethodImpl(AggressiveInlining)]
    public static GpuFloat CopySign(GpuFloat magnitude, GpuFloat sign) => WithSign(magnitude, sign);

    [MethodImpl(AggressiveInlining)]
    private static GpuFloat WithSign(GpuFloat magnitude, GpuFloat sign)
        => FromBits((Bits(magnitude) & int.MaxValue) | (Bits(sign) & int.MinValue));

    [MethodImpl(AggressiveInlining)]
    public static GpuFloat FlipSignIfOdd(GpuFloat x, GpuFloat n) => ((int)n.V & 1) == 0 ? x : -x;

    [MethodImpl(AggressiveInlining)]
    public static GpuFloat PowerOfTwo(GpuFloat n) => FromBits(((int)n.V + 127) << 23);

    [MethodImpl(AggressiveInlining)]
    public static (GpuFloat Integral, GpuFloat Power) NearestPower(GpuFloat x, double factor)
    {
        GpuFloat n = Round(x * Constant(factor));
        return (n, PowerOfTwo(n));
    }

    [MethodImpl(AggressiveInlining)]
    public static GpuFloat Scale(GpuFloat x, GpuFloat n)
    {
        int half = (int)n.V >> 1;
        return x * FromBits((half + 127) << 23) * FromBits(((int)n.V - half + 127) << 23);
    }

    [MethodImpl(AggressiveInlining)]
    public static (GpuFloat Mantissa, GpuFloat Exponent) Split(GpuFloat x)
    {
        int exponent = (Bits(x) - FloatBits.SqrtHalf) >> 23;
        return (FromBits(Bits(x) - (exponent << 23)), new(exponent));
    }

    [MethodImpl(AggressiveInlining)]
    public static bool AllWithin(GpuFloat x, double low, double high) => x.V >= (float)low && x.V <= (float)high;

    [MethodImpl(AggressiveInlining)]
    public static GpuFloat PowPositive(GpuFloat a, GpuFloat b) => Pow(a, b);

    // The ways out for rare arguments, which the functions above do not take.
    [MethodImpl(AggressiveInlining)]
    public static GpuFloat PerLane<TFunction>(GpuFloat x) where TFunction : struct, IFloatFunction => x;

    [MethodImpl(AggressiveInlining)]
    public static GpuFloat PerLane<TFunction>(GpuFloat a, GpuFloat b) where TFunction : struct, IFloatFunction2 => a;

    [MethodImpl(AggressiveInlining)]
    private static int Bits(GpuFloat x) => (int)Interop.FloatAsInt(x.V);

    [MethodImpl(AggressiveInlining)]
    private static GpuFloat FromBits(int bits) => new(Interop.IntAsFloat((uint)bits));
}

namespace DeepNet;

/// <summary>
/// One float: what formulas run on inside a GPU kernel. Only arithmetic and functions that GPU compilers know are used,
/// which is why there is no fused multiply-add and no call that would throw or branch on tables.
/// </summary>
/// <param name="v">The number.</param>
public readonly struct F32(float v) : IFloatLanes<F32>
{
    /// <summary>The number.</summary>
    public readonly float V = v;

    /// <inheritdoc/>
    [MethodImpl(AggressiveInlining)]
    public static F32 Constant(double value) => new((float)value);

    /// <inheritdoc/>
    [MethodImpl(AggressiveInlining)]
    public static F32 operator +(F32 a, F32 b) => new(a.V + b.V);

    /// <inheritdoc/>
    [MethodImpl(AggressiveInlining)]
    public static F32 operator -(F32 a, F32 b) => new(a.V - b.V);

    /// <inheritdoc/>
    [MethodImpl(AggressiveInlining)]
    public static F32 operator *(F32 a, F32 b) => new(a.V * b.V);

    /// <inheritdoc/>
    [MethodImpl(AggressiveInlining)]
    public static F32 operator /(F32 a, F32 b) => new(a.V / b.V);

    /// <inheritdoc/>
    [MethodImpl(AggressiveInlining)]
    public static F32 operator -(F32 a) => new(-a.V);

    /// <inheritdoc/>
    [MethodImpl(AggressiveInlining)]
    public static F32 Fma(F32 a, F32 b, F32 c) => new(a.V * b.V + c.V);

    /// <inheritdoc/>
    [MethodImpl(AggressiveInlining)]
    public static F32 Exp(F32 x) => new(MathF.Exp(x.V));

    /// <inheritdoc/>
    [MethodImpl(AggressiveInlining)]
    public static F32 Log(F32 x) => new(MathF.Log(x.V));

    /// <inheritdoc/>
    [MethodImpl(AggressiveInlining)]
    public static F32 Sin(F32 x) => new(MathF.Sin(x.V));

    /// <inheritdoc/>
    [MethodImpl(AggressiveInlining)]
    public static F32 Cos(F32 x) => new(MathF.Cos(x.V));

    /// <inheritdoc/>
    [MethodImpl(AggressiveInlining)]
    public static F32 Atan(F32 x) => new(MathF.Atan(x.V));

    /// <inheritdoc/>
    [MethodImpl(AggressiveInlining)]
    public static F32 Tanh(F32 x) => new(MathF.Tanh(x.V));

    /// <inheritdoc/>
    [MethodImpl(AggressiveInlining)]
    public static F32 Sqrt(F32 x) => new(MathF.Sqrt(x.V));

    /// <inheritdoc/>
    [MethodImpl(AggressiveInlining)]
    public static F32 Abs(F32 x) => new(MathF.Abs(x.V));

    /// <inheritdoc/>
    [MethodImpl(AggressiveInlining)]
    public static F32 Floor(F32 x) => new(MathF.Floor(x.V));

    /// <inheritdoc/>
    [MethodImpl(AggressiveInlining)]
    public static F32 Ceil(F32 x) => new(MathF.Ceiling(x.V));

    /// <inheritdoc/>
    [MethodImpl(AggressiveInlining)]
    public static F32 Expm1(F32 x) => Elementary.Expm1(x);

    /// <inheritdoc/>
    [MethodImpl(AggressiveInlining)]
    public static F32 Log1p(F32 x) => Elementary.Log1p(x);

    /// <inheritdoc/>
    [MethodImpl(AggressiveInlining)]
    public static F32 Erf(F32 x) => Elementary.Erf(x);

    /// <inheritdoc/>
    [MethodImpl(AggressiveInlining)]
    public static F32 Erfc(F32 x) => Elementary.Erfc(x);

    /// <inheritdoc/>
    [MethodImpl(AggressiveInlining)]
    public static F32 NormalCdf(F32 x) => Elementary.NormalCdf(x);

    /// <inheritdoc/>
    [MethodImpl(AggressiveInlining)]
    public static F32 Pow(F32 a, F32 b) => new(MathF.Pow(a.V, b.V));

    /// <inheritdoc/>
    [MethodImpl(AggressiveInlining)]
    public static F32 Round(F32 x) // floats from 2²³ on are integral; below, adding 2²³ rounds to even
    {
        float magnitude = MathF.Abs(x.V);
        return magnitude < 8388608f ? WithSign(new(magnitude + 8388608f - 8388608f), x) : x;
    }

    /// <inheritdoc/>
    [MethodImpl(AggressiveInlining)]
    public static F32 Max(F32 a, F32 b) => a.V > b.V ? a : b.V >= a.V ? b : a + b; // GPU maxima drop NaN, comparisons do not

    /// <inheritdoc/>
    [MethodImpl(AggressiveInlining)]
    public static F32 Min(F32 a, F32 b) => a.V < b.V ? a : b.V <= a.V ? b : a + b;

    /// <inheritdoc/>
    [MethodImpl(AggressiveInlining)]
    public static F32 IfGreater(F32 p, F32 q, F32 a, F32 b) => p.V > q.V ? a : b;

    /// <inheritdoc/>
    [MethodImpl(AggressiveInlining)]
    public static F32 IfEqual(F32 p, F32 q, F32 a, F32 b) => p.V == q.V ? a : b;

    [MethodImpl(AggressiveInlining)]
    static F32 IFloatLanes<F32>.AtLeast(double limit, F32 x) => (float)limit > x.V ? new((float)limit) : x;

    [MethodImpl(AggressiveInlining)]
    static F32 IFloatLanes<F32>.AtMost(double limit, F32 x) => (float)limit < x.V ? new((float)limit) : x;

    [MethodImpl(AggressiveInlining)]
    static F32 IFloatLanes<F32>.CopySign(F32 magnitude, F32 sign) => WithSign(magnitude, sign);

    [MethodImpl(AggressiveInlining)]
    private static F32 WithSign(F32 magnitude, F32 sign) => FromBits((Bits(magnitude) & int.MaxValue) | (Bits(sign) & int.MinValue));

    [MethodImpl(AggressiveInlining)]
    static F32 IFloatLanes<F32>.FlipSignIfOdd(F32 x, F32 n) => ((int)n.V & 1) == 0 ? x : -x;

    [MethodImpl(AggressiveInlining)]
    static F32 IFloatLanes<F32>.PowerOfTwo(F32 n) => FromBits(((int)n.V + 127) << 23);

    [MethodImpl(AggressiveInlining)]
    static (F32 Integral, F32 Power) IFloatLanes<F32>.NearestPower(F32 x, double factor)
    {
        F32 n = Round(x * Constant(factor));
        return (n, FromBits(((int)n.V + 127) << 23));
    }

    [MethodImpl(AggressiveInlining)]
    static F32 IFloatLanes<F32>.Scale(F32 x, F32 n)
    {
        int half = (int)n.V >> 1;
        return x * FromBits((half + 127) << 23) * FromBits(((int)n.V - half + 127) << 23);
    }

    [MethodImpl(AggressiveInlining)]
    static (F32 Mantissa, F32 Exponent) IFloatLanes<F32>.Split(F32 x)
    {
        int exponent = (Bits(x) - FloatBits.SqrtHalf) >> 23;
        return (FromBits(Bits(x) - (exponent << 23)), new(exponent));
    }

    [MethodImpl(AggressiveInlining)]
    static bool IFloatLanes<F32>.AllWithin(F32 x, double low, double high) => x.V >= (float)low && x.V <= (float)high;

    [MethodImpl(AggressiveInlining)]
    static F32 IFloatLanes<F32>.PowPositive(F32 a, F32 b) => new(MathF.Pow(a.V, b.V));

    [MethodImpl(AggressiveInlining)]
    static F32 IFloatLanes<F32>.PerLane<TFunction>(F32 x) => new(TFunction.Of(x.V));

    [MethodImpl(AggressiveInlining)]
    static F32 IFloatLanes<F32>.PerLane<TFunction>(F32 a, F32 b) => new(TFunction.Of(a.V, b.V));

    [MethodImpl(AggressiveInlining)]
    private static int Bits(F32 x) => BitConverter.SingleToInt32Bits(x.V);

    [MethodImpl(AggressiveInlining)]
    private static F32 FromBits(int bits) => new(BitConverter.Int32BitsToSingle(bits));
}

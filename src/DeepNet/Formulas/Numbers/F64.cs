namespace DeepNet;

/// <summary>One double: gradient checks, reference values and float64 tensors on processors without vectors.</summary>
/// <param name="v">The number.</param>
public readonly unsafe struct F64(double v) : ISimd<F64, double>
{
    /// <summary>The number.</summary>
    public readonly double V = v;

    static int ISimd<F64, double>.Lanes => 1;

    static F64 ISimd<F64, double>.Broadcast(double value) => new(value);

    static F64 ISimd<F64, double>.Load(double* p) => new(*p);

    void ISimd<F64, double>.Store(double* p) => *p = V;

    static F64 ISimd<F64, double>.LoadPart(double* p, int n) => n > 0 ? new(*p) : default;

    void ISimd<F64, double>.StorePart(double* p, int n)
    {
        if (n > 0)
            *p = V;
    }

    void ISimd<F64, double>.StoreBool(byte* p) => *p = V != 0 ? (byte)1 : (byte)0;

    static double ISimd<F64, double>.Sum(F64 v) => v.V;

    static double ISimd<F64, double>.MaxLane(F64 v) => v.V;

    static double ISimd<F64, double>.MinLane(F64 v) => v.V;

    /// <inheritdoc/>
    [MethodImpl(AggressiveInlining)]
    public static F64 Constant(double value) => new(value);

    /// <inheritdoc/>
    [MethodImpl(AggressiveInlining)]
    public static F64 operator +(F64 a, F64 b) => new(a.V + b.V);

    /// <inheritdoc/>
    [MethodImpl(AggressiveInlining)]
    public static F64 operator -(F64 a, F64 b) => new(a.V - b.V);

    /// <inheritdoc/>
    [MethodImpl(AggressiveInlining)]
    public static F64 operator *(F64 a, F64 b) => new(a.V * b.V);

    /// <inheritdoc/>
    [MethodImpl(AggressiveInlining)]
    public static F64 operator /(F64 a, F64 b) => new(a.V / b.V);

    /// <inheritdoc/>
    [MethodImpl(AggressiveInlining)]
    public static F64 operator -(F64 a) => new(-a.V);

    /// <inheritdoc/>
    [MethodImpl(AggressiveInlining)]
    public static F64 Fma(F64 a, F64 b, F64 c) => new(a.V * b.V + c.V);

    /// <inheritdoc/>
    [MethodImpl(AggressiveInlining)]
    public static F64 Exp(F64 x) => new(Math.Exp(x.V));

    /// <inheritdoc/>
    [MethodImpl(AggressiveInlining)]
    public static F64 Log(F64 x) => new(Math.Log(x.V));

    /// <inheritdoc/>
    [MethodImpl(AggressiveInlining)]
    public static F64 Sin(F64 x) => new(Math.Sin(x.V));

    /// <inheritdoc/>
    [MethodImpl(AggressiveInlining)]
    public static F64 Cos(F64 x) => new(Math.Cos(x.V));

    /// <inheritdoc/>
    [MethodImpl(AggressiveInlining)]
    public static F64 Atan(F64 x) => new(Math.Atan(x.V));

    /// <inheritdoc/>
    [MethodImpl(AggressiveInlining)]
    public static F64 Tanh(F64 x) => new(Math.Tanh(x.V));

    /// <inheritdoc/>
    [MethodImpl(AggressiveInlining)]
    public static F64 Sqrt(F64 x) => new(Math.Sqrt(x.V));

    /// <inheritdoc/>
    [MethodImpl(AggressiveInlining)]
    public static F64 Abs(F64 x) => new(Math.Abs(x.V));

    /// <inheritdoc/>
    [MethodImpl(AggressiveInlining)]
    public static F64 Floor(F64 x) => new(Math.Floor(x.V));

    /// <inheritdoc/>
    [MethodImpl(AggressiveInlining)]
    public static F64 Ceil(F64 x) => new(Math.Ceiling(x.V));

    /// <inheritdoc/>
    [MethodImpl(AggressiveInlining)]
    public static F64 Round(F64 x) => new(Math.Round(x.V));

    /// <inheritdoc/>
    public static F64 Expm1(F64 x) => new(DoubleFunctions.Expm1(x.V));

    /// <inheritdoc/>
    public static F64 Log1p(F64 x) => new(DoubleFunctions.Log1p(x.V));

    /// <inheritdoc/>
    public static F64 Erf(F64 x) => new(DoubleFunctions.Erf(x.V));

    /// <inheritdoc/>
    public static F64 Erfc(F64 x) => new(DoubleFunctions.Erfc(x.V));

    /// <inheritdoc/>
    public static F64 NormalCdf(F64 x) => new(0.5 * DoubleFunctions.Erfc(x.V * -0.70710678118654752));

    /// <inheritdoc/>
    [MethodImpl(AggressiveInlining)]
    public static F64 Pow(F64 a, F64 b) => new(Math.Pow(a.V, b.V));

    /// <inheritdoc/>
    [MethodImpl(AggressiveInlining)]
    public static F64 Max(F64 a, F64 b) => new(Math.Max(a.V, b.V));

    /// <inheritdoc/>
    [MethodImpl(AggressiveInlining)]
    public static F64 Min(F64 a, F64 b) => new(Math.Min(a.V, b.V));

    /// <inheritdoc/>
    [MethodImpl(AggressiveInlining)]
    public static F64 IfGreater(F64 p, F64 q, F64 a, F64 b) => p.V > q.V ? a : b;

    /// <inheritdoc/>
    [MethodImpl(AggressiveInlining)]
    public static F64 IfEqual(F64 p, F64 q, F64 a, F64 b) => p.V == q.V ? a : b;
}

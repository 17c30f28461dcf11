namespace DeepNet;

/// <summary>
/// The abstract number that formulas are written over. An operator says what it computes once, in these words, and every
/// interpreter of <typeparamref name="V"/> gives it another meaning: a SIMD vector runs it on the CPU, a scalar float in a
/// GPU kernel, a <see cref="Dual{V}"/> differentiates it, <see cref="Uses"/> finds out what it reads, and <c>Tensor</c>
/// records it so that the derivative can be differentiated again.
/// </summary>
/// <remarks>
/// There is no mask type: <see cref="IfGreater"/> and <see cref="IfEqual"/> choose between two values, and both choose the
/// second one when a compared number is NaN. Constants are given in double precision and rounded by the interpreter.
/// </remarks>
/// <typeparam name="V">The interpreter itself.</typeparam>
public interface INumber<V> where V : INumber<V>
{
    /// <summary>The constant <paramref name="value"/>, rounded to the precision of the interpreter.</summary>
    static abstract V Constant(double value);

    /// <summary>
    /// A formula's setting, rounded likewise. In a formula's fields settings serve better than doubles, which some GPUs do not have.
    /// </summary>
    [MethodImpl(AggressiveInlining)]
    static virtual V Constant(Setting value) => V.Constant(value.Value);

    /// <summary>An operator of its own within a formula: an interpreter that records, records it as one.</summary>
    [MethodImpl(AggressiveInlining)]
    internal static virtual V Apply<TOp>(TOp op, V x) where TOp : unmanaged, IUnaryOp<TOp> => op.Forward(x);

    /// <summary>Sum.</summary>
    static abstract V operator +(V a, V b);
    /// <summary>Difference.</summary>
    static abstract V operator -(V a, V b);
    /// <summary>Product.</summary>
    static abstract V operator *(V a, V b);
    /// <summary>Quotient; integers divide towards minus infinity.</summary>
    static abstract V operator /(V a, V b);
    /// <summary>Negation; flips the sign of zero too.</summary>
    static abstract V operator -(V a);

    /// <summary>a·b + c, in one rounding where the hardware has it.</summary>
    static abstract V Fma(V a, V b, V c);

    /// <summary>eˣ.</summary>
    static abstract V Exp(V x);
    /// <summary>
    /// 1 + eˣ, what logistic functions divide by: where 1 hides the smallest powers, some interpreters need not compute them. May be
    /// infinite from 88.3 on.
    /// </summary>
    [MethodImpl(AggressiveInlining)]
    static virtual V OnePlusExp(V x) => V.Constant(1) + V.Exp(x);
    /// <summary>eˣ − 1, accurate near zero.</summary>
    static abstract V Expm1(V x);
    /// <summary>Natural logarithm.</summary>
    static abstract V Log(V x);
    /// <summary>ln(1 + x), accurate near zero.</summary>
    static abstract V Log1p(V x);
    /// <summary>Sine of an angle in radians.</summary>
    static abstract V Sin(V x);
    /// <summary>Cosine of an angle in radians.</summary>
    static abstract V Cos(V x);
    /// <summary>Inverse tangent, in (−π/2, π/2).</summary>
    static abstract V Atan(V x);
    /// <summary>Hyperbolic tangent.</summary>
    static abstract V Tanh(V x);
    /// <summary>The error function.</summary>
    static abstract V Erf(V x);
    /// <summary>1 − erf x. Interpreters that can compute it without cancellation in the right tail replace this default.</summary>
    static virtual V Erfc(V x) => V.Constant(1) - V.Erf(x);
    /// <summary>Φ(x) = ½·erfc(−x/√2), the normal distribution; what GELU stands on.</summary>
    static virtual V NormalCdf(V x) => V.Constant(0.5) * V.Erfc(x * V.Constant(-0.70710678118654752));
    /// <summary>aᵇ, with the special values of IEEE pow.</summary>
    static abstract V Pow(V a, V b);
    /// <summary>Square root.</summary>
    static abstract V Sqrt(V x);

    /// <summary>Absolute value.</summary>
    static abstract V Abs(V x);
    /// <summary>The largest integer not above x.</summary>
    static abstract V Floor(V x);
    /// <summary>The smallest integer not below x.</summary>
    static abstract V Ceil(V x);
    /// <summary>The nearest integer; halves go to the even one.</summary>
    static abstract V Round(V x);

    /// <summary>The larger of two numbers; NaN if either is NaN. A constant goes first: then it is one instruction.</summary>
    static abstract V Max(V a, V b);
    /// <summary>The smaller of two numbers; NaN if either is NaN.</summary>
    static abstract V Min(V a, V b);

    /// <summary><paramref name="p"/> &gt; <paramref name="q"/> ? <paramref name="a"/> : <paramref name="b"/>.</summary>
    static abstract V IfGreater(V p, V q, V a, V b);
    /// <summary><paramref name="p"/> == <paramref name="q"/> ? <paramref name="a"/> : <paramref name="b"/>.</summary>
    static abstract V IfEqual(V p, V q, V a, V b);
}

namespace DeepNet;

// Mathematical functions: each is one formula under Ops/Elementwise.
public sealed partial class Tensor
{
    /// <summary>Absolute value.</summary>
    public Tensor Abs() => Elementwise.Apply(new Abs(), this);

    /// <summary>−1, 0 or 1; NaN stays NaN.</summary>
    public Tensor Sign() => Elementwise.Apply(new Sign(), this);

    /// <summary>x².</summary>
    public Tensor Square() => Elementwise.Apply(new Square(), this);

    /// <summary>1 / x.</summary>
    public Tensor Reciprocal() => Elementwise.Apply(new Reciprocal(), this);

    /// <summary>Square root; NaN below zero.</summary>
    public Tensor Sqrt() => Elementwise.Apply(new Sqrt(), this);

    /// <summary>1 / √x.</summary>
    public Tensor Rsqrt() => Elementwise.Apply(new Rsqrt(), this);

    /// <summary>eˣ.</summary>
    public Tensor Exp() => Elementwise.Apply(new Exp(), this);

    /// <summary>eˣ − 1, accurate near zero.</summary>
    public Tensor Expm1() => Elementwise.Apply(new Expm1(), this);

    /// <summary>Natural logarithm; −∞ at zero, NaN below.</summary>
    public Tensor Log() => Elementwise.Apply(new Log(), this);

    /// <summary>ln(1 + x), accurate near zero.</summary>
    public Tensor Log1p() => Elementwise.Apply(new Log1p(), this);

    /// <summary>Sine of radians.</summary>
    public Tensor Sin() => Elementwise.Apply(new Sin(), this);

    /// <summary>Cosine of radians.</summary>
    public Tensor Cos() => Elementwise.Apply(new Cos(), this);

    /// <summary>Tangent of radians.</summary>
    public Tensor Tan() => Elementwise.Apply(new Tan(), this);

    /// <summary>Inverse sine, in [−π/2, π/2]; NaN outside [−1, 1].</summary>
    public Tensor Asin() => Elementwise.Apply(new Asin(), this);

    /// <summary>Inverse cosine, in [0, π]; NaN outside [−1, 1].</summary>
    public Tensor Acos() => Elementwise.Apply(new Acos(), this);

    /// <summary>Inverse tangent, in (−π/2, π/2).</summary>
    public Tensor Atan() => Elementwise.Apply(new Atan(), this);

    /// <summary>Hyperbolic sine.</summary>
    public Tensor Sinh() => Elementwise.Apply(new Sinh(), this);

    /// <summary>Hyperbolic cosine.</summary>
    public Tensor Cosh() => Elementwise.Apply(new Cosh(), this);

    /// <summary>Hyperbolic tangent.</summary>
    public Tensor Tanh() => Elementwise.Apply(new Tanh(), this);

    /// <summary>Inverse hyperbolic sine.</summary>
    public Tensor Asinh() => Elementwise.Apply(new Asinh(), this);

    /// <summary>Inverse hyperbolic cosine; NaN below 1.</summary>
    public Tensor Acosh() => Elementwise.Apply(new Acosh(), this);

    /// <summary>Inverse hyperbolic tangent; ±∞ at ±1, NaN beyond.</summary>
    public Tensor Atanh() => Elementwise.Apply(new Atanh(), this);

    /// <summary>The error function.</summary>
    public Tensor Erf() => Elementwise.Apply(new Erf(), this);

    /// <summary>1 − erf(x), without cancellation in the right tail.</summary>
    public Tensor Erfc() => Elementwise.Apply(new Erfc(), this);

    /// <summary>The distribution function Φ of the standard normal distribution.</summary>
    public Tensor NormalCdf() => Elementwise.Apply(new NormalCdf(), this);

    /// <summary>The largest integer not above x.</summary>
    public Tensor Floor() => Elementwise.Apply(new Floor(), this);

    /// <summary>The smallest integer not below x.</summary>
    public Tensor Ceil() => Elementwise.Apply(new Ceil(), this);

    /// <summary>The nearest integer; halves go to the even one.</summary>
    public Tensor Round() => Elementwise.Apply(new Round(), this);

    /// <summary>x to the power of a number, with the special values of IEEE pow.</summary>
    public Tensor Pow(Scalar exponent) => Power.Apply(this, exponent);

    /// <summary>x to the power of another tensor.</summary>
    public Tensor Pow(Tensor exponent) => Apply(new Pow(), exponent);

    /// <summary>Limits to [min, max]; NaN stays NaN. An open side is ±∞.</summary>
    public Tensor Clamp(double min = double.NegativeInfinity, double max = double.PositiveInfinity)
        => Elementwise.Apply(new Clamp(min, max), this);

    /// <summary>
    /// The larger of two tensors, elementwise; NaN if either is. Where they are equal, the gradient goes to both in halves.
    /// </summary>
    public Tensor Maximum(Tensor other) => Apply(new Maximum(), other);

    /// <summary>The larger of the tensor and a number.</summary>
    public Tensor Maximum(Scalar other) => Elementwise.Apply(new Maximum(), this, other);

    /// <summary>
    /// The smaller of two tensors, elementwise; NaN if either is. Where they are equal, the gradient goes to both in halves.
    /// </summary>
    public Tensor Minimum(Tensor other) => Apply(new Minimum(), other);

    /// <summary>The smaller of the tensor and a number.</summary>
    public Tensor Minimum(Scalar other) => Elementwise.Apply(new Minimum(), this, other);

    /// <summary>The angle of the point (<paramref name="x"/>, this), in [−π, π].</summary>
    public Tensor Atan2(Tensor x) => Apply(new Atan2(), x);

    /// <summary>⌊a / b⌋.</summary>
    /// <exception cref="DivideByZeroException">Both are integers, and an element of the divisor is 0.</exception>
    public Tensor FloorDivide(Tensor divisor) => IntegerDivision.Apply(new FloorDivide(), this, divisor);

    /// <summary>⌊a / b⌋ by a number.</summary>
    /// <exception cref="DivideByZeroException">Both are integers, and the divisor is 0.</exception>
    public Tensor FloorDivide(Scalar divisor) => IntegerDivision.Apply(new FloorDivide(), this, divisor);

    /// <summary>Tests the elements for NaN: a bool tensor.</summary>
    public Tensor IsNaN() => Elementwise.Apply(new IsNan(), this);

    /// <summary>Tests the elements for +∞ and −∞: a bool tensor.</summary>
    public Tensor IsInfinity() => Elementwise.Apply(new IsInf(), this);

    /// <summary>Tests the elements for being neither NaN nor infinite: a bool tensor.</summary>
    public Tensor IsFinite() => Elementwise.Apply(new IsFinite(), this);

    /// <summary>
    /// a + weight·(b − a): from this tensor to <paramref name="end"/>, computed from the nearer of the two, so that both are met exactly.
    /// </summary>
    public Tensor Lerp(Tensor end, double weight) => Apply(new Lerp(weight), end);

    /// <summary>The same with a weight for each element.</summary>
    public Tensor Lerp(Tensor end, Tensor weight)
    {
        ArgumentNullException.ThrowIfNull(end);
        ArgumentNullException.ThrowIfNull(weight);
        var way = end - this;
        weight = weight.To(DTypes.Compute(way.DType));
        return Where(weight < 0.5, this + weight * way, end - (1 - weight) * way);
    }

    /// <summary>x·ln y, and 0 where x is 0, whatever the logarithm.</summary>
    public Tensor XLogY(Tensor y) => Apply(new XLogY(), y);

    /// <summary>ln |Γ(x)|, the logarithm of the gamma function; +∞ at 0 and at the negative integers.</summary>
    public Tensor LogGamma() => Elementwise.Apply(new LogGamma(), this);

    /// <summary>ψ(x), the derivative of <see cref="LogGamma"/>; NaN at the negative integers.</summary>
    public Tensor Digamma() => Elementwise.Apply(new Digamma(), this);

    /// <summary>
    /// ψ′(x), the derivative of <see cref="Digamma"/>, and so the variance of the logarithm of gamma distributed numbers.
    /// </summary>
    public Tensor Trigamma() => Elementwise.Apply(new Trigamma(), this);
}

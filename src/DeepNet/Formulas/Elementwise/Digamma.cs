namespace DeepNet.Ops;

/// <summary>y = ψ(x), the derivative of ln Γ; −∞ at 0 and NaN at the negative integers.</summary>
/// <remarks>
/// For z ≥ ½ by ψ(z) = ψ(z + 8) − Σ 1/(z + k) and the asymptotic series from there; below by ψ(x) = ψ(1 − x) − π/tan πx.
/// </remarks>
internal readonly struct Digamma : IUnaryOp<Digamma>
{
    /// <summary>The steps from z to where the asymptotic series, with eight terms, is exact in double precision.</summary>
    public const int Steps = 8;

    /// <inheritdoc/>
    public static ReadOnlySpan<double> Points => [-3.4, -1.7, -0.6, 0.3, 0.8, 1.3, 2.6, 9, 40];

    /// <inheritdoc/>
    [MethodImpl(AggressiveInlining)]
    public V Forward<V>(V x) where V : INumber<V>
    {
        V half = V.Constant(0.5), one = V.Constant(1), zero = V.Constant(0), pi = V.Constant(Math.PI);
        V z = V.IfGreater(half, x, one - x, x), before = one / z;
        for (int k = 1; k < Steps; k++) before += one / (z + V.Constant(k));
        V far = z + V.Constant(Steps), w = one / far, s = w * w;
        V p = V.Constant(3617.0 / 8160);
        p = V.Fma(p, s, V.Constant(-1.0 / 12));
        p = V.Fma(p, s, V.Constant(691.0 / 32760));
        p = V.Fma(p, s, V.Constant(-1.0 / 132));
        p = V.Fma(p, s, V.Constant(1.0 / 240));
        p = V.Fma(p, s, V.Constant(-1.0 / 252));
        p = V.Fma(p, s, V.Constant(1.0 / 120));
        p = V.Fma(p, s, V.Constant(-1.0 / 12));
        V y = V.Log(far) - before + V.Fma(p, s, -half * w);
        V r = FromPole(x), angle = pi * r;
        V reflected = y - pi * V.Cos(angle) / V.Sin(angle);
        reflected = V.IfEqual(r, zero, V.IfEqual(x, zero, reflected, V.Constant(double.NaN)), reflected);
        return V.IfGreater(half, x, reflected, y);
    }

    /// <inheritdoc/>
    [MethodImpl(AggressiveInlining)]
    public static V Backward<V>(Digamma op, V x, V y, V g) where V : INumber<V> => g * V.Apply(new Trigamma(), x);

    /// <summary>The distance of x &lt; ½ from the nearest integer; ½, where nothing is infinite, for other x.</summary>
    [MethodImpl(AggressiveInlining)]
    public static V FromPole<V>(V x) where V : INumber<V>
    {
        V half = V.Constant(0.5);
        return V.IfGreater(half, x, x - V.Round(x), half);
    }
}

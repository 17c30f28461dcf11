namespace DeepNet.Ops;

/// <summary>y = ψ(x), the derivative of ln Γ; −∞ at 0 and NaN at the negative integers.</summary>
/// <remarks>
/// For z ≥ ½ by ψ(z) = ψ(z + 8) − Σ 1/(z + k) and the asymptotic series from there; below by ψ(x) = ψ(1 − x) − π/tan πx.
/// </remarks>
internal readonly struct Digamma : IUnaryOp<Digamma>
{
    /// <summary>The steps from z to where the asymptotic series, with eight terms, is exact in double precision.</summary>
    public const int Steps = 8;

    public static ReadOnlySpan<double> Points => [-3.4, -1.7, -0.6, 0.3, 0.8, 1.3, 2.6, 9, 40];

    [MethodImpl(AggressiveInlining)]
    public V Forward<V>(V x) where V : INumber<V>
    {
        V half = V.Constant(0.5), y = OfPositive(V.IfGreater(half, x, V.Constant(1) - x, x));
        return V.IfGreater(half, x, y - Reflection(x), y);
    }

    // Methods of their own: together they are more than the JIT inlines into one loop.
    [MethodImpl(NoInlining | AggressiveOptimization)]
    private static V OfPositive<V>(V z) where V : INumber<V>
    {
        V one = V.Constant(1), before = one / z;
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
        return V.Log(far) - before + V.Fma(p, s, V.Constant(-0.5) * w);
    }

    [MethodImpl(NoInlining | AggressiveOptimization)]
    private static V Reflection<V>(V x) where V : INumber<V>
    {
        V r = FromPole(x), zero = V.Constant(0), angle = V.Constant(Math.PI) * r;
        V y = V.Constant(Math.PI) * V.Cos(angle) / V.Sin(angle);
        return V.IfEqual(r, zero, V.IfEqual(x, zero, y, V.Constant(double.NaN)), y);
    }

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

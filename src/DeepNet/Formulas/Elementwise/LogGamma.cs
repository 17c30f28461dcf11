namespace DeepNet.Ops;

/// <summary>y = ln |Γ(x)|; +∞ at 0 and at the negative integers.</summary>
/// <remarks>
/// For z ≥ ½ by Lanczos' form ln Γ(z) = (z − ½)·(ln(z + g − ½) − 1) + ln S(1/z), S a quotient of polynomials whose coefficients are
/// positive; they were computed for g = 497/64 so that S is exact for z = 1 … 11. Below ½ by Γ(x)·Γ(1 − x) = π/sin πx.
/// Within a few units in the last place of max(1, |y|).
/// </remarks>
internal readonly struct LogGamma : IUnaryOp<LogGamma>
{
    private const double G = 7.765625;

    public static ReadOnlySpan<double> Points => [-3.4, -1.7, -0.6, 0.05, 0.3, 0.8, 1.3, 2.6, 9, 40];

    [MethodImpl(AggressiveInlining)]
    public V Forward<V>(V x) where V : INumber<V>
    {
        V half = V.Constant(0.5), one = V.Constant(1), z = V.IfGreater(half, x, one - x, x);
        V y = V.Fma(z - half, V.Log(z + V.Constant(G - 0.5)) - one, V.Log(Quotient(one / z)));
        return V.IfGreater(half, x, Reflection(x) - y, y);
    }

    // Methods of their own: together they are more than the JIT inlines into one loop.
    [MethodImpl(NoInlining | AggressiveOptimization)]
    private static V Quotient<V>(V w) where V : INumber<V>
    {
        V p = V.Constant(593269.8545690579), q = V.Constant(362880);
        p = V.Fma(p, w, V.Constant(793448.2820617022));
        q = V.Fma(q, w, V.Constant(1026576));
        p = V.Fma(p, w, V.Constant(477317.054861297));
        q = V.Fma(q, w, V.Constant(1172700));
        p = V.Fma(p, w, V.Constant(170080.5860480752));
        q = V.Fma(q, w, V.Constant(723680));
        p = V.Fma(p, w, V.Constant(39752.875760952906));
        q = V.Fma(q, w, V.Constant(269325));
        p = V.Fma(p, w, V.Constant(6368.180601593327));
        q = V.Fma(q, w, V.Constant(63273));
        p = V.Fma(p, w, V.Constant(708.0798971549094));
        q = V.Fma(q, w, V.Constant(9450));
        p = V.Fma(p, w, V.Constant(53.959420778679984));
        q = V.Fma(q, w, V.Constant(870));
        p = V.Fma(p, w, V.Constant(2.6970467351056278));
        q = V.Fma(q, w, V.Constant(45));
        p = V.Fma(p, w, V.Constant(0.07984068068695396));
        q = V.Fma(q, w, V.Constant(1));
        p = V.Fma(p, w, V.Constant(0.0010629720571023714));
        return p / q;
    }

    [MethodImpl(NoInlining | AggressiveOptimization)]
    private static V Reflection<V>(V x) where V : INumber<V>
        => V.Constant(1.1447298858494002) - V.Log(V.Abs(V.Sin(V.Constant(Math.PI) * Digamma.FromPole(x))));

    [MethodImpl(AggressiveInlining)]
    public static V Backward<V>(LogGamma op, V x, V y, V g) where V : INumber<V> => g * V.Apply(new Digamma(), x);
}

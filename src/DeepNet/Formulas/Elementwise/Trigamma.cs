namespace DeepNet.Ops;

/// <summary>y = ψ′(x), the second derivative of ln Γ; +∞ at 0 and at the negative integers.</summary>
/// <remarks>As <see cref="Digamma"/>: a sum and the asymptotic series for z ≥ ½, and ψ′(x) = π²/sin² πx − ψ′(1 − x) below.</remarks>
internal readonly struct Trigamma : IUnaryOp<Trigamma>
{
    public static ReadOnlySpan<double> Points => [-3.4, -1.7, -0.6, 0.3, 0.8, 1.3, 2.6, 9, 40];

    [MethodImpl(AggressiveInlining)]
    public V Forward<V>(V x) where V : INumber<V>
    {
        V half = V.Constant(0.5), y = OfPositive(V.IfGreater(half, x, V.Constant(1) - x, x));
        return V.IfGreater(half, x, Reflection(x) - y, y);
    }

    // Methods of their own: together they are more than the JIT inlines into one loop.
    [MethodImpl(NoInlining | AggressiveOptimization)]
    private static V OfPositive<V>(V z) where V : INumber<V>
    {
        V one = V.Constant(1), before = V.Constant(0);
        for (int k = 0; k < Digamma.Steps; k++)
        {
            V share = one / (z + V.Constant(k));
            before = V.Fma(share, share, before);
        }
        V w = one / (z + V.Constant(Digamma.Steps)), s = w * w;
        V p = V.Constant(-3617.0 / 510);
        p = V.Fma(p, s, V.Constant(7.0 / 6));
        p = V.Fma(p, s, V.Constant(-691.0 / 2730));
        p = V.Fma(p, s, V.Constant(5.0 / 66));
        p = V.Fma(p, s, V.Constant(-1.0 / 30));
        p = V.Fma(p, s, V.Constant(1.0 / 42));
        p = V.Fma(p, s, V.Constant(-1.0 / 30));
        p = V.Fma(p, s, V.Constant(1.0 / 6));
        return before + V.Fma(V.Fma(p, w, V.Constant(0.5)), s, w);
    }

    [MethodImpl(NoInlining | AggressiveOptimization)]
    private static V Reflection<V>(V x) where V : INumber<V>
    {
        V scaled = V.Constant(Math.PI) / V.Sin(V.Constant(Math.PI) * Digamma.FromPole(x));
        return scaled * scaled;
    }
}

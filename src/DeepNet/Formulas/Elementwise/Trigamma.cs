namespace DeepNet.Ops;

/// <summary>y = ψ′(x), the second derivative of ln Γ; +∞ at 0 and at the negative integers.</summary>
/// <remarks>As <see cref="Digamma"/>: a sum and the asymptotic series for z ≥ ½, and ψ′(x) = π²/sin² πx − ψ′(1 − x) below.</remarks>
internal readonly struct Trigamma : IUnaryOp<Trigamma>
{
    /// <inheritdoc/>
    public static ReadOnlySpan<double> Points => [-3.4, -1.7, -0.6, 0.3, 0.8, 1.3, 2.6, 9, 40];

    /// <inheritdoc/>
    [MethodImpl(AggressiveInlining)]
    public V Forward<V>(V x) where V : INumber<V>
    {
        V half = V.Constant(0.5), one = V.Constant(1), zero = V.Constant(0);
        V z = V.IfGreater(half, x, one - x, x), before = zero;
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
        V y = before + V.Fma(V.Fma(p, w, half), s, w);
        V scaled = V.Constant(Math.PI) / V.Sin(V.Constant(Math.PI) * Digamma.FromPole(x));
        return V.IfGreater(half, x, scaled * scaled - y, y);
    }
}

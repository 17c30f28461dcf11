namespace DeepNet;

internal static partial class Elementary
{
    /// <summary>
    /// Φ(x) = ½·erfc(−x/√2), without cancellation in the left tail: within 3 ulp for x ≥ −1, 8 ulp for x ≥ −2,
    /// 70 ulp for x ≥ −5.5, 0.5 % for x ≥ −10; zero from about −13 on. GELU stands on it, so it is made to be cheap: no division, and
    /// Φ(−|x|) = ½·2^(|x|·p(|x|)) with a polynomial p.
    /// </summary>
    [MethodImpl(AggressiveInlining)]
    public static V NormalCdf<V>(V x) where V : struct, IFloatLanes<V>
    {
        V z = V.AtMost(14.0, V.Abs(x));
        V square = z * z;
        V odd = V.Constant(-9.34571864e-11), even = V.Constant(5.08862641e-9);
        odd = V.Fma(odd, square, V.Constant(-1.22310865e-7));
        even = V.Fma(even, square, V.Constant(1.70874307e-6));
        odd = V.Fma(odd, square, V.Constant(-1.52742523e-5));
        even = V.Fma(even, square, V.Constant(8.87746501e-5));
        odd = V.Fma(odd, square, V.Constant(-2.97386519e-4));
        even = V.Fma(even, square, V.Constant(4.59791636e-6));
        odd = V.Fma(odd, square, V.Constant(6.96741836e-3));
        even = V.Fma(even, square, V.Constant(-5.24669848e-2));
        odd = V.Fma(odd, square, V.Constant(-0.459210038));
        even = V.Fma(even, square, V.Constant(-1.15110552));
        V exponent = V.AtLeast(-127.0, z * V.Fma(odd, z, even)); // 2⁻¹²⁷ comes out as zero

        V n = V.Round(exponent);
        V tail = HalfPowerOfTwo(exponent - n) * V.PowerOfTwo(n);
        return V.IfGreater(x, V.Constant(0), V.Constant(1) - tail, tail);
    }

    /// <summary>½·2ᶠ for |f| ≤ ½.</summary>
    [MethodImpl(AggressiveInlining)]
    private static V HalfPowerOfTwo<V>(V f) where V : struct, IFloatLanes<V>
    {
        V square = f * f;
        V p01 = V.Fma(V.Constant(0.693147182 / 2), f, V.Constant(0.5));
        V p23 = V.Fma(V.Constant(5.55035993e-2 / 2), f, V.Constant(0.240226477 / 2));
        V p45 = V.Fma(V.Constant(1.33908063e-3 / 2), f, V.Constant(9.61850584e-3 / 2));
        return V.Fma(V.Fma(V.Fma(V.Constant(1.53264627e-4 / 2), square, p45), square, p23), square, p01);
    }
}

namespace DeepNet;

/// <summary>
/// The elementary functions of a float, written once over any number of lanes. Branch-free wherever the common arguments allow;
/// NaN gives NaN, and infinities, zeros of both signs and denormals are right. Errors are the largest measured ones, with
/// hardware fused multiply-add. <c>coefficients.py</c> makes the polynomials.
/// </summary>
internal static partial class Elementary
{
    private const double Log2E = 1.4426950408889634;

    // ln 2 in two parts; n times the first is exact for every exponent n.
    private const double Ln2High = 0.693359375;
    private const double Ln2Low = -2.1219444005469058e-4;

    /// <summary>eˣ, within 1 ulp: x = n·ln 2 + r, then 2ⁿ·(1 + (eʳ − 1)).</summary>
    [MethodImpl(AggressiveInlining)]
    public static V Exp<V>(V x) where V : struct, IFloatLanes<V>
    {
        x = V.AtLeast(-104.0, V.AtMost(89.0, x)); // beyond, Scale has overflowed or underflowed already
        V n = V.Round(x * V.Constant(Log2E));
        return V.Scale(V.Constant(1) + Expm1Reduced(Reduce(x, n)), n);
    }

    /// <summary>1 + eˣ, within 1 ulp: no denormals to care for, so one power of two will do.</summary>
    [MethodImpl(AggressiveInlining)]
    public static V OnePlusExp<V>(V x) where V : struct, IFloatLanes<V>
    {
        x = V.AtLeast(-87.0, V.AtMost(89.0, x)); // 1 below, infinity above
        var (n, power) = V.NearestPower(x, Log2E);
        return V.Fma(power, V.Constant(1) + Expm1Reduced(Reduce(x, n)), V.Constant(1));
    }

    /// <summary>eˣ − 1, within 1.5 ulp.</summary>
    [MethodImpl(AggressiveInlining)]
    public static V Expm1<V>(V x) where V : struct, IFloatLanes<V> => V.CopySign(Expm1Unsigned(V.AtMost(89.0, x)), x); // keeps −0

    /// <summary>
    /// eˣ − 1 for x up to 89, but for the sign of zero: 2ⁿ·(eʳ − 1) + (2ⁿ − 1), halved inside so that n = 128 is no exception.
    /// </summary>
    [MethodImpl(AggressiveInlining)]
    private static V Expm1Unsigned<V>(V x) where V : struct, IFloatLanes<V>
    {
        x = V.AtLeast(-18.0, x); // −1 from there on
        V n = V.Round(x * V.Constant(Log2E));
        V half = V.PowerOfTwo(n - V.Constant(1));
        V y = V.Fma(half, Expm1Reduced(Reduce(x, n)), half - V.Constant(0.5));
        return y + y;
    }

    [MethodImpl(AggressiveInlining)]
    private static V Reduce<V>(V x, V n) where V : struct, IFloatLanes<V>
        => V.Fma(n, V.Constant(-Ln2Low), V.Fma(n, V.Constant(-Ln2High), x));

    /// <summary>eʳ − 1 for |r| ≤ ½·ln 2.</summary>
    [MethodImpl(AggressiveInlining)]
    private static V Expm1Reduced<V>(V r) where V : struct, IFloatLanes<V>
    {
        // Not Horner's scheme: pairs first, because the length of the chain is what limits a loop of one vector an iteration.
        V square = r * r;
        V p01 = V.Fma(V.Constant(0.166666657), r, V.Constant(0.5));
        V p23 = V.Fma(V.Constant(8.33354332e-3), r, V.Constant(4.16664928e-2));
        V p45 = V.Fma(V.Constant(1.97644142e-4), r, V.Constant(1.39323808e-3));
        return V.Fma(V.Fma(V.Fma(p45, square, p23), square, p01), square, r);
    }
}

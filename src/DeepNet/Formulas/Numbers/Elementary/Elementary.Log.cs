namespace DeepNet;

internal static partial class Elementary
{
    private const double SmallestNormal = 1.1754943508222875e-38;

    /// <summary>ln x, within 1 ulp: x = m·2ⁿ with m in [√½, √2).</summary>
    [MethodImpl(AggressiveInlining)]
    public static V Log<V>(V x) where V : struct, IFloatLanes<V>
        => V.AllWithin(x, SmallestNormal, float.MaxValue) ? LogNormal(x, V.Constant(0)) : LogAnywhere(x);

    /// <summary>ln(1 + x), within 1.5 ulp. What 1 + x rounds away is added to the mantissa, exactly scaled.</summary>
    [MethodImpl(AggressiveInlining)]
    public static V Log1p<V>(V x) where V : struct, IFloatLanes<V>
        => V.AllWithin(x, -0.99999994, float.MaxValue) ? Log1pFinite(x) : Log1pAnywhere(x);

    [MethodImpl(AggressiveInlining)]
    private static V LogNormal<V>(V x, V exponent) where V : struct, IFloatLanes<V>
    {
        (V mantissa, V n) = V.Split(x);
        return LogReduced(mantissa - V.Constant(1), n + exponent);
    }

    [MethodImpl(AggressiveInlining)]
    private static V Log1pFinite<V>(V x) where V : struct, IFloatLanes<V>
    {
        V u = V.Constant(1) + x;
        V lost = x - (u - V.Constant(1));
        (V mantissa, V n) = V.Split(u);
        V m = V.Fma(lost, V.PowerOfTwo(V.AtLeast(-126.0, -n)), mantissa - V.Constant(1));
        return V.CopySign(LogReduced(m, n), x); // keeps −0
    }

    /// <summary>ln((1 + m)·2ⁿ) for 1 + m in [√½, √2).</summary>
    [MethodImpl(AggressiveInlining)]
    private static V LogReduced<V>(V m, V n) where V : struct, IFloatLanes<V>
    {
        V square = m * m;
        V p = V.Constant(6.74926937e-2);
        p = V.Fma(p, m, V.Constant(-0.116700985));
        p = V.Fma(p, m, V.Constant(0.118835486));
        p = V.Fma(p, m, V.Constant(-0.124062337));
        p = V.Fma(p, m, V.Constant(0.142203584));
        p = V.Fma(p, m, V.Constant(-0.166679889));
        p = V.Fma(p, m, V.Constant(0.200020716));
        p = V.Fma(p, m, V.Constant(-0.250000089));
        p = V.Fma(p, m, V.Constant(0.333333135));
        V y = V.Fma(n, V.Constant(Ln2Low), p * m * square);
        y = m + V.Fma(V.Constant(-0.5), square, y);
        return V.Fma(n, V.Constant(Ln2High), y);
    }

    /// <summary>The same values for normal lanes, and the special ones for the others.</summary>
    [MethodImpl(NoInlining)]
    private static V LogAnywhere<V>(V x) where V : struct, IFloatLanes<V>
    {
        V zero = V.Constant(0), smallest = V.Constant(SmallestNormal);
        V y = LogNormal(V.IfGreater(smallest, x, x * V.Constant(16777216), x), V.IfGreater(smallest, x, V.Constant(-24), zero));
        y = V.IfGreater(x, V.Constant(float.MaxValue), x, y);
        return V.IfGreater(x, zero, y, V.IfEqual(x, zero, V.Constant(double.NegativeInfinity), V.Constant(double.NaN)));
    }

    [MethodImpl(NoInlining)]
    private static V Log1pAnywhere<V>(V x) where V : struct, IFloatLanes<V>
    {
        V minusOne = V.Constant(-1);
        V y = V.IfGreater(x, V.Constant(float.MaxValue), x, Log1pFinite(x));
        return V.IfGreater(x, minusOne, y, V.IfEqual(x, minusOne, V.Constant(double.NegativeInfinity), V.Constant(double.NaN)));
    }
}

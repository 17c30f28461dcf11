namespace DeepNet;

internal static partial class Elementary
{
    /// <summary>tanh x, within 2.5 ulp: t/(t + 2) with t = e^(−2|x|) − 1, and the sign of x.</summary>
    [MethodImpl(AggressiveInlining)]
    public static V Tanh<V>(V x) where V : struct, IFloatLanes<V>
    {
        // e^(−2a) − 1 = 2ⁿ·(eʳ − 1) + (2ⁿ − 1) with r = −2·(a + n·½ln 2); from a = 9 on the result is 1.
        V a = V.AtMost(9.0, V.Abs(x));
        var (n, power) = V.NearestPower(a, -2 * Log2E);
        V half = V.Fma(n, V.Constant(Ln2Low / 2), V.Fma(n, V.Constant(Ln2High / 2), a));
        V t = V.Fma(power, Expm1Reduced(half * V.Constant(-2)), power - V.Constant(1));
        return V.CopySign(t / (t + V.Constant(2)), x);
    }
}

namespace DeepNet;

internal static partial class Elementary
{
    private const double OneOverPi = 0.31830988618379067;

    // π in four parts.
    private const double Pi1 = 3.140625;
    private const double Pi2 = 0.0009675025939941406;
    private const double Pi3 = 1.5099067240953445e-07;
    private const double Pi4 = 5.126688303189038e-12;

    // Up to here n·π is subtracted exactly; larger arguments take the slow way through double precision.
    private const double LargestAngle = 8192;

    /// <summary>sin x, within 2.5 ulp: x = n·π + r, then (−1)ⁿ·sin r.</summary>
    [MethodImpl(AggressiveInlining)]
    public static V Sin<V>(V x) where V : struct, IFloatLanes<V>
        => V.AllWithin(x, -LargestAngle, LargestAngle) ? SinNear(x) : SinAnywhere(x);

    /// <summary>cos x, within 2.5 ulp: x = (n − ½)·π + r, then (−1)ⁿ·sin r.</summary>
    [MethodImpl(AggressiveInlining)]
    public static V Cos<V>(V x) where V : struct, IFloatLanes<V>
        => V.AllWithin(x, -LargestAngle, LargestAngle) ? CosNear(x) : CosAnywhere(x);

    [MethodImpl(AggressiveInlining)]
    internal static V SinNear<V>(V x) where V : struct, IFloatLanes<V>
    {
        V n = V.Round(x * V.Constant(OneOverPi));
        return V.IfEqual(x, V.Constant(0), x, V.FlipSignIfOdd(SinReduced(MinusPiTimes(x, n)), n)); // keeps −0
    }

    [MethodImpl(AggressiveInlining)]
    internal static V CosNear<V>(V x) where V : struct, IFloatLanes<V>
    {
        V n = V.Round(V.Fma(x, V.Constant(OneOverPi), V.Constant(-0.5))) + V.Constant(1);
        return V.FlipSignIfOdd(SinReduced(MinusPiTimes(x, n - V.Constant(0.5))), n);
    }

    /// <summary>x − n·π. The first three parts of π have 11 bits, so their products are exact even without fused multiply-add.</summary>
    [MethodImpl(AggressiveInlining)]
    private static V MinusPiTimes<V>(V x, V n) where V : struct, IFloatLanes<V>
    {
        V r = V.Fma(n, V.Constant(-Pi1), x);
        r = V.Fma(n, V.Constant(-Pi2), r);
        r = V.Fma(n, V.Constant(-Pi3), r);
        return V.Fma(n, V.Constant(-Pi4), r);
    }

    /// <summary>sin r for |r| ≤ π/2.</summary>
    [MethodImpl(AggressiveInlining)]
    private static V SinReduced<V>(V r) where V : struct, IFloatLanes<V>
    {
        V square = r * r;
        V p = V.Constant(2.60609568e-6);
        p = V.Fma(p, square, V.Constant(-1.98097769e-4));
        p = V.Fma(p, square, V.Constant(8.33306927e-3));
        p = V.Fma(p, square, V.Constant(-0.166666597));
        return V.Fma(p * square, r, r);
    }

    [MethodImpl(NoInlining)]
    private static V SinAnywhere<V>(V x) where V : struct, IFloatLanes<V>
        => V.IfGreater(V.Abs(x), V.Constant(LargestAngle), V.PerLane<SinOfDouble>(x), SinNear(x));

    [MethodImpl(NoInlining)]
    private static V CosAnywhere<V>(V x) where V : struct, IFloatLanes<V>
        => V.IfGreater(V.Abs(x), V.Constant(LargestAngle), V.PerLane<CosOfDouble>(x), CosNear(x));

    private readonly struct SinOfDouble : IFloatFunction
    {
        public static float Of(float x) => (float)Math.Sin(x);
    }

    private readonly struct CosOfDouble : IFloatFunction
    {
        public static float Of(float x) => (float)Math.Cos(x);
    }
}

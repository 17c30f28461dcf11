namespace DeepNet;

internal static partial class Elementary
{
    private const double LargestExponent = 4194304; // 2²², what FlipSignIfOdd takes

    /// <summary>aᵇ, within 1 ulp: e^(b·ln|a|) in double precision; zeros, infinities, NaN and denormal bases go lane by lane.</summary>
    [MethodImpl(AggressiveInlining)]
    public static V Pow<V>(V a, V b) where V : struct, IFloatLanes<V>
        => V.AllWithin(V.Abs(a), SmallestNormal, float.MaxValue) && V.AllWithin(b, -LargestExponent, LargestExponent)
            ? PowNormal(a, b)
            : PowAnywhere(a, b);

    [MethodImpl(AggressiveInlining)]
    private static V PowNormal<V>(V a, V b) where V : struct, IFloatLanes<V>
    {
        V y = V.PowPositive(V.Abs(a), b);
        V ofNegative = V.IfEqual(V.Round(b), b, V.FlipSignIfOdd(y, b), V.Constant(double.NaN));
        return V.IfGreater(V.Constant(0), a, ofNegative, y);
    }

    [MethodImpl(NoInlining)]
    private static V PowAnywhere<V>(V a, V b) where V : struct, IFloatLanes<V>
    {
        V magnitude = V.Abs(a);
        V special = V.PerLane<PowOfDoubles>(a, b);
        V y = V.IfGreater(V.Constant(SmallestNormal), magnitude, special, PowNormal(a, b));
        y = V.IfGreater(V.Abs(b), V.Constant(LargestExponent), special, y);
        y = V.IfGreater(magnitude, V.Constant(float.MaxValue), special, y);
        return V.IfEqual(a + b, a + b, y, special); // NaN, or infinities that cancel
    }

    private readonly struct PowOfDoubles : IFloatFunction2
    {
        public static float Of(float a, float b) => (float)Math.Pow(a, b);
    }
}

namespace DeepNet;

internal static partial class Elementary
{
    /// <summary>tanh x, within 2.5 ulp: t/(t + 2) with t = e^(−2|x|) − 1, and the sign of x.</summary>
    [MethodImpl(AggressiveInlining)]
    public static V Tanh<V>(V x) where V : struct, IFloatLanes<V>
    {
        V t = Expm1Unsigned(V.Abs(x) * V.Constant(-2));
        return V.CopySign(t / (t + V.Constant(2)), x);
    }
}

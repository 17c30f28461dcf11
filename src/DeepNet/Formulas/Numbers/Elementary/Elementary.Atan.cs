namespace DeepNet;

internal static partial class Elementary
{
    /// <summary>atan x, within 2 ulp: a polynomial on [−1, 1], π/2 − atan(1/x) outside.</summary>
    [MethodImpl(AggressiveInlining)]
    public static V Atan<V>(V x) where V : struct, IFloatLanes<V>
    {
        V magnitude = V.Abs(x);
        V t = V.AtMost(1.0, magnitude) / V.AtLeast(1.0, magnitude); // |x| or 1/|x|
        V square = t * t;
        V p = V.Constant(-1.78274524e-3);
        p = V.Fma(p, square, V.Constant(1.08684385e-2));
        p = V.Fma(p, square, V.Constant(-3.10966726e-2));
        p = V.Fma(p, square, V.Constant(5.78811951e-2));
        p = V.Fma(p, square, V.Constant(-8.39930028e-2));
        p = V.Fma(p, square, V.Constant(0.109508798));
        p = V.Fma(p, square, V.Constant(-0.142640159));
        p = V.Fma(p, square, V.Constant(0.199985296));
        p = V.Fma(p, square, V.Constant(-0.333332986));
        V y = V.Fma(p * square, t, t);
        return V.CopySign(V.IfGreater(magnitude, V.Constant(1), V.Constant(Math.PI / 2) - y, y), x);
    }
}

namespace DeepNet.Ops;

/// <summary>y = the angle of the point (b, a), in [−π, π].</summary>
internal readonly struct Atan2 : IBinaryOp<Atan2>
{
    [MethodImpl(AggressiveInlining)]
    public V Forward<V>(V a, V b) where V : INumber<V>
    {
        V zero = V.Constant(0), one = V.Constant(1), rise = V.Abs(a), run = V.Abs(b);
        V ratio = V.IfEqual(rise, run, V.IfEqual(a, zero, zero, one), rise / run); // 0/0 is 0 and ∞/∞ is 1
        V angle = V.Atan(ratio);
        // 1/−0 is negative, which tells the two zeros apart.
        V left = V.IfGreater(zero, b, one, V.IfGreater(zero, one / b, one, zero));
        V below = V.IfGreater(zero, a, one, V.IfGreater(zero, one / a, one, zero));
        angle = V.IfEqual(left, one, V.Constant(Math.PI) - angle, angle);
        return V.IfEqual(below, one, -angle, angle);
    }

    [MethodImpl(AggressiveInlining)]
    public static (V A, V B) Backward<V>(Atan2 op, V a, V b, V y, V g) where V : INumber<V>
    {
        V scale = g / V.Fma(a, a, b * b);
        return (scale * b, -(scale * a));
    }
}

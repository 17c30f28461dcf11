namespace DeepNet;

internal static partial class Elementary
{
    /// <summary>erf x, within 2 ulp: an odd polynomial near zero, 1 − erfc|x| further out.</summary>
    [MethodImpl(AggressiveInlining)]
    public static V Erf<V>(V x) where V : struct, IFloatLanes<V>
    {
        V square = x * x;
        V p = V.Constant(7.77613168e-5);
        p = V.Fma(p, square, V.Constant(-8.01200164e-4));
        p = V.Fma(p, square, V.Constant(5.19018108e-3));
        p = V.Fma(p, square, V.Constant(-2.68552154e-2));
        p = V.Fma(p, square, V.Constant(0.112836219));
        p = V.Fma(p, square, V.Constant(-0.376126289));
        p = V.Fma(p, square, V.Constant(0.128379166));
        V near = V.Fma(p, x, x);

        V magnitude = V.Abs(x);
        V z = V.AtMost(4.0, magnitude);
        V far = V.CopySign(V.Constant(1) - V.Exp(-(z * z)) * ScaledErfc(z), x);
        return V.IfGreater(magnitude, V.Constant(0.85), far, near);
    }

    /// <summary>erfc x = 1 − erf x without cancellation, within 6 ulp.</summary>
    [MethodImpl(AggressiveInlining)]
    public static V Erfc<V>(V x) where V : struct, IFloatLanes<V>
    {
        V z = V.AtMost(10.2, V.Abs(x)); // zero from there on
        V square = z * z;
        V error = V.Fma(z, z, -square); // e^(−z²) would magnify the rounding of z² by z² itself
        V tail = V.Exp(-square) * ScaledErfc(z);
        tail = V.Fma(-tail, error, tail);
        return V.IfGreater(V.Constant(0), x, V.Constant(2) - tail, tail);
    }

    /// <summary>e^(z²)·erfc z for z from 0 to 10.2: a polynomial in u = (z − 3)/(z + 3), over z + 3.</summary>
    [MethodImpl(AggressiveInlining)]
    private static V ScaledErfc<V>(V z) where V : struct, IFloatLanes<V>
    {
        V d = V.Constant(1) / (z + V.Constant(3));
        V u = (z - V.Constant(3)) * d;
        V p = V.Constant(-3.12249584e-4);
        p = V.Fma(p, u, V.Constant(-4.66736004e-4));
        p = V.Fma(p, u, V.Constant(3.06913955e-3));
        p = V.Fma(p, u, V.Constant(-1.2431466e-3));
        p = V.Fma(p, u, V.Constant(-2.68370267e-2));
        p = V.Fma(p, u, V.Constant(0.119534284));
        p = V.Fma(p, u, V.Constant(-0.31046626));
        p = V.Fma(p, u, V.Constant(0.590227783));
        p = V.Fma(p, u, V.Constant(-0.88339448));
        p = V.Fma(p, u, V.Constant(1.07400692));
        return p * d;
    }
}

namespace DeepNet.Ops;

/// <summary>y = a·ln b, and 0 where a is 0, whatever the logarithm; as in densities and entropies.</summary>
internal readonly struct XLogY : IBinaryOp<XLogY>
{
    public static string Name => "xlogy";

    public static ReadOnlySpan<(double A, double B)> Points
        => new[] { (-2.3, 0.4), (-0.6, 2.2), (0.9, 1.9), (1.35, 0.8), (1.8, 2.3), (2.6, 1.4) };

    [MethodImpl(AggressiveInlining)]
    public V Forward<V>(V a, V b) where V : INumber<V>
    {
        V zero = V.Constant(0);
        return V.IfEqual(a, zero, V.IfEqual(b, b, zero, b), a * V.Log(b));
    }

    [MethodImpl(AggressiveInlining)]
    public static (V A, V B) Backward<V>(XLogY op, V a, V b, V y, V g) where V : INumber<V>
    {
        V zero = V.Constant(0), one = V.Constant(1);
        V inside = V.IfEqual(a, zero, V.IfGreater(b, zero, b, one), b);
        return (g * V.Log(inside), g * a / inside);
    }
}

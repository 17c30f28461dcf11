namespace DeepNet.Ops;

/// <summary>y = ½·x·(1 + tanh u) = x/(1 + e^(−2u)) with u = √(2/π)·(x + 0.044715·x³): GELU by its tanh approximation.</summary>
/// <remarks>Written as a logistic function, which is the same and does not cancel in the left tail.</remarks>
internal readonly struct GeluTanh : IUnaryOp<GeluTanh>
{
    private const double Root = 0.79788456080286536; // √(2/π)
    private const double Cubic = 0.044715;

    public static bool OnHalves => true;

    [MethodImpl(AggressiveInlining)]
    public V Forward<V>(V x) where V : INumber<V>
    {
        V z = V.Constant(-2 * Root) * x * V.Fma(x * x, V.Constant(Cubic), V.Constant(1));
        return x / V.OnePlusExp(z);
    }

    [MethodImpl(AggressiveInlining)]
    public static V Backward<V>(GeluTanh op, V x, V y, V g) where V : INumber<V>
    {
        V square = x * x;
        V s = V.Constant(1) / V.OnePlusExp(V.Constant(-2 * Root) * x * V.Fma(square, V.Constant(Cubic), V.Constant(1)));
        V slope = V.Constant(2 * Root) * V.Fma(square, V.Constant(3 * Cubic), V.Constant(1));
        return g * V.Fma(x * s * (V.Constant(1) - s), slope, s);
    }
}

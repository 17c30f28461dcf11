namespace DeepNet.Ops;

/// <summary>y = arsinh x = ln(x + √(x² + 1)).</summary>
internal readonly struct Asinh : IUnaryOp<Asinh>
{
    [MethodImpl(AggressiveInlining)]
    public V Forward<V>(V x) where V : INumber<V>
    {
        V zero = V.Constant(0), one = V.Constant(1), magnitude = V.Abs(x), square = x * x;
        V near = V.Log1p(magnitude + square / (one + V.Sqrt(square + one)));
        V far = V.Log(magnitude) + V.Constant(0.69314718055994531); // ln 2x where x² would overflow
        V y = V.IfGreater(magnitude, V.Constant(1e9), far, near);
        return V.IfGreater(x, zero, y, V.IfGreater(zero, x, -y, x));
    }

    [MethodImpl(AggressiveInlining)]
    public static V Backward<V>(Asinh op, V x, V y, V g) where V : INumber<V> => g / V.Sqrt(V.Fma(x, x, V.Constant(1)));
}

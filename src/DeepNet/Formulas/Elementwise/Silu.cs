namespace DeepNet.Ops;

/// <summary>y = x/(1 + e⁻ˣ), also called swish.</summary>
internal readonly struct Silu : IUnaryOp<Silu>
{
    public static bool OnHalves => true;

    [MethodImpl(AggressiveInlining)]
    public V Forward<V>(V x) where V : INumber<V> => x / V.OnePlusExp(-x);

    [MethodImpl(AggressiveInlining)]
    public static V Backward<V>(Silu op, V x, V y, V g) where V : INumber<V>
    {
        V s = V.Constant(1) / V.OnePlusExp(-x);
        return g * V.Fma(x * s, V.Constant(1) - s, s);
    }
}

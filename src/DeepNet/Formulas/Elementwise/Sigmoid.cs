namespace DeepNet.Ops;

/// <summary>y = 1/(1 + e⁻ˣ).</summary>
internal readonly struct Sigmoid : IUnaryOp<Sigmoid>
{
    public static bool OnHalves => true;

    [MethodImpl(AggressiveInlining)]
    public V Forward<V>(V x) where V : INumber<V> => V.Constant(1) / V.OnePlusExp(-x);

    [MethodImpl(AggressiveInlining)]
    public static V Backward<V>(Sigmoid op, V x, V y, V g) where V : INumber<V> => g * y * (V.Constant(1) - y);
}

namespace DeepNet.Ops;

/// <summary>y = tanh x.</summary>
internal readonly struct Tanh : IUnaryOp<Tanh>
{
    public static bool OnHalves => true;

    [MethodImpl(AggressiveInlining)]
    public V Forward<V>(V x) where V : INumber<V> => V.Tanh(x);

    [MethodImpl(AggressiveInlining)]
    public static V Backward<V>(Tanh op, V x, V y, V g) where V : INumber<V> => g * V.Fma(-y, y, V.Constant(1));
}

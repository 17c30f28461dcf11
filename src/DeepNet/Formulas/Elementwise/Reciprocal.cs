namespace DeepNet.Ops;

/// <summary>y = 1/x.</summary>
internal readonly struct Reciprocal : IUnaryOp<Reciprocal>
{
    [MethodImpl(AggressiveInlining)]
    public V Forward<V>(V x) where V : INumber<V> => V.Constant(1) / x;

    [MethodImpl(AggressiveInlining)]
    public static V Backward<V>(Reciprocal op, V x, V y, V g) where V : INumber<V> => -(g * y * y);
}

namespace DeepNet.Ops;

/// <summary>y = eˣ.</summary>
internal readonly struct Exp : IUnaryOp<Exp>
{
    [MethodImpl(AggressiveInlining)]
    public V Forward<V>(V x) where V : INumber<V> => V.Exp(x);

    [MethodImpl(AggressiveInlining)]
    public static V Backward<V>(Exp op, V x, V y, V g) where V : INumber<V> => g * y;
}

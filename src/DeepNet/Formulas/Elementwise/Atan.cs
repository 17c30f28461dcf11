namespace DeepNet.Ops;

/// <summary>y = arctan x.</summary>
internal readonly struct Atan : IUnaryOp<Atan>
{
    [MethodImpl(AggressiveInlining)]
    public V Forward<V>(V x) where V : INumber<V> => V.Atan(x);

    [MethodImpl(AggressiveInlining)]
    public static V Backward<V>(Atan op, V x, V y, V g) where V : INumber<V> => g / V.Fma(x, x, V.Constant(1));
}

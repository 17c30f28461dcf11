namespace DeepNet.Ops;

/// <summary>y = cos x.</summary>
internal readonly struct Cos : IUnaryOp<Cos>
{
    [MethodImpl(AggressiveInlining)]
    public V Forward<V>(V x) where V : INumber<V> => V.Cos(x);

    [MethodImpl(AggressiveInlining)]
    public static V Backward<V>(Cos op, V x, V y, V g) where V : INumber<V> => -(g * V.Sin(x));
}

namespace DeepNet.Ops;

/// <summary>y = sin x.</summary>
internal readonly struct Sin : IUnaryOp<Sin>
{
    [MethodImpl(AggressiveInlining)]
    public V Forward<V>(V x) where V : INumber<V> => V.Sin(x);

    [MethodImpl(AggressiveInlining)]
    public static V Backward<V>(Sin op, V x, V y, V g) where V : INumber<V> => g * V.Cos(x);
}

namespace DeepNet.Ops;

/// <summary>y = erfc x = 1 − erf x, without cancellation for large x.</summary>
internal readonly struct Erfc : IUnaryOp<Erfc>
{
    [MethodImpl(AggressiveInlining)]
    public V Forward<V>(V x) where V : INumber<V> => V.Erfc(x);

    [MethodImpl(AggressiveInlining)]
    public static V Backward<V>(Erfc op, V x, V y, V g) where V : INumber<V> => g * V.Constant(-1.1283791670955126) * V.Exp(-(x * x));
}

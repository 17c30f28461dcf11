namespace DeepNet.Ops;

/// <summary>y = sin x / cos x, in float32 within 4.5 ulp.</summary>
internal readonly struct Tan : IUnaryOp<Tan>
{
    [MethodImpl(AggressiveInlining)]
    public V Forward<V>(V x) where V : INumber<V> => V.Sin(x) / V.Cos(x);

    [MethodImpl(AggressiveInlining)]
    public static V Backward<V>(Tan op, V x, V y, V g) where V : INumber<V> => g * V.Fma(y, y, V.Constant(1));
}

namespace DeepNet.Ops;

/// <summary>y = Φ(x) = ½·erfc(−x/√2), the distribution function of the normal distribution.</summary>
internal readonly struct NormalCdf : IUnaryOp<NormalCdf>
{
    [MethodImpl(AggressiveInlining)]
    public V Forward<V>(V x) where V : INumber<V> => V.NormalCdf(x);

    [MethodImpl(AggressiveInlining)]
    public static V Backward<V>(NormalCdf op, V x, V y, V g) where V : INumber<V>
        => g * V.Constant(0.3989422804014327) * V.Exp(x * x * V.Constant(-0.5));
}

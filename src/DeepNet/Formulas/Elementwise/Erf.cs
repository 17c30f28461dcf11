namespace DeepNet.Ops;

/// <summary>y = erf x, the error function.</summary>
internal readonly struct Erf : IUnaryOp<Erf>
{
    [MethodImpl(AggressiveInlining)]
    public V Forward<V>(V x) where V : INumber<V> => V.Erf(x);

    [MethodImpl(AggressiveInlining)]
    public static V Backward<V>(Erf op, V x, V y, V g) where V : INumber<V> => g * V.Constant(1.1283791670955126) * V.Exp(-(x * x));
}

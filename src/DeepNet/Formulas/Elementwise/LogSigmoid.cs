namespace DeepNet.Ops;

/// <summary>y = ln(1/(1 + e⁻ˣ)) = min(x, 0) − ln(1 + e^(−|x|)).</summary>
internal readonly struct LogSigmoid : IUnaryOp<LogSigmoid>
{
    [MethodImpl(AggressiveInlining)]
    public V Forward<V>(V x) where V : INumber<V> => V.Min(V.Constant(0), x) - V.Log1p(V.Exp(-V.Abs(x)));

    [MethodImpl(AggressiveInlining)]
    public static V Backward<V>(LogSigmoid op, V x, V y, V g) where V : INumber<V> => g / V.OnePlusExp(x);
}

namespace DeepNet.Ops;

/// <summary>y = x·tanh(ln(1 + eˣ)) = x·n/(n + 2) with n = eˣ·(eˣ + 2), in float32 within 5 ulp.</summary>
internal readonly struct Mish : IUnaryOp<Mish>
{
    public static bool OnHalves => true;

    [MethodImpl(AggressiveInlining)]
    public V Forward<V>(V x) where V : INumber<V>
    {
        V e = V.Exp(V.Min(V.Constant(20), x)); // from 20 on n/(n + 2) is 1, and its squares must not overflow
        V n = e * (e + V.Constant(2));
        return x * (n / (n + V.Constant(2)));
    }
}

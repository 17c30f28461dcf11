namespace DeepNet.Ops;

/// <summary>y = cosh x, in float32 within 4 ulp.</summary>
internal readonly struct Cosh : IUnaryOp<Cosh>
{
    [MethodImpl(AggressiveInlining)]
    public V Forward<V>(V x) where V : INumber<V>
    {
        V e = V.Exp(x * V.Constant(0.5)), half = V.Constant(0.5); // in halves, because eˣ overflows before cosh x does
        return half * e * e + half / e / e;
    }

    [MethodImpl(AggressiveInlining)]
    public static V Backward<V>(Cosh op, V x, V y, V g) where V : INumber<V> => g * default(Sinh).Forward(x);
}

namespace DeepNet.Ops;

/// <summary>y = sinh x, in float32 within 4 ulp.</summary>
internal readonly struct Sinh : IUnaryOp<Sinh>
{
    [MethodImpl(AggressiveInlining)]
    public V Forward<V>(V x) where V : INumber<V>
    {
        // Near zero from eˣ − 1; further out in halves, because eˣ overflows before sinh x does.
        V t = V.Expm1(x), e = V.Exp(x * V.Constant(0.5)), half = V.Constant(0.5);
        V far = half * e * e - half / e / e;
        V near = half * (t + t / (t + V.Constant(1)));
        return V.IfGreater(x * x, V.Constant(1), far, near);
    }

    [MethodImpl(AggressiveInlining)]
    public static V Backward<V>(Sinh op, V x, V y, V g) where V : INumber<V> => g * default(Cosh).Forward(x);
}

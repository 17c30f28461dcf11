namespace DeepNet.Ops;

/// <summary>y = max(x, 0); the derivative at 0 is 0.</summary>
internal readonly struct Relu : IUnaryOp<Relu>
{
    public static bool OnHalves => true;
    public static bool OnIntegers => true;

    [MethodImpl(AggressiveInlining)]
    public V Forward<V>(V x) where V : INumber<V> => V.Max(V.Constant(0), x);

    [MethodImpl(AggressiveInlining)]
    public static V Backward<V>(Relu op, V x, V y, V g) where V : INumber<V> => V.IfGreater(y, V.Constant(0), g, V.Constant(0));
}

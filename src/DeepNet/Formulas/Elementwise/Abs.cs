namespace DeepNet.Ops;

/// <summary>y = |x|; the derivative at 0 is 0.</summary>
internal readonly struct Abs : IUnaryOp<Abs>
{
    public static bool OnHalves => true;
    public static bool OnIntegers => true;

    [MethodImpl(AggressiveInlining)]
    public V Forward<V>(V x) where V : INumber<V> => V.Abs(x);

    [MethodImpl(AggressiveInlining)]
    public static V Backward<V>(Abs op, V x, V y, V g) where V : INumber<V>
        => V.IfGreater(x, V.Constant(0), g, V.IfGreater(V.Constant(0), x, -g, V.Constant(0)));
}

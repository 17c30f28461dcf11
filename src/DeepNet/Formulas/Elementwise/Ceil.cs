namespace DeepNet.Ops;

/// <summary>y = the smallest integer not below x; the derivative is 0.</summary>
internal readonly struct Ceil : IUnaryOp<Ceil>
{
    public static bool OnHalves => true;
    public static bool OnIntegers => true;

    [MethodImpl(AggressiveInlining)]
    public V Forward<V>(V x) where V : INumber<V> => V.Ceil(x);

    [MethodImpl(AggressiveInlining)]
    public static V Backward<V>(Ceil op, V x, V y, V g) where V : INumber<V> => V.Constant(0);
}

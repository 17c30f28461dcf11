namespace DeepNet.Ops;

/// <summary>y = the nearest integer to x, halves to the even one; the derivative is 0.</summary>
internal readonly struct Round : IUnaryOp<Round>
{
    public static bool OnHalves => true;
    public static bool OnIntegers => true;

    [MethodImpl(AggressiveInlining)]
    public V Forward<V>(V x) where V : INumber<V> => V.Round(x);

    [MethodImpl(AggressiveInlining)]
    public static V Backward<V>(Round op, V x, V y, V g) where V : INumber<V> => V.Constant(0);
}

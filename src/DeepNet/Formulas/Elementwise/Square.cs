namespace DeepNet.Ops;

/// <summary>y = x².</summary>
internal readonly struct Square : IUnaryOp<Square>
{
    public static bool OnIntegers => true;

    [MethodImpl(AggressiveInlining)]
    public V Forward<V>(V x) where V : INumber<V> => x * x;

    [MethodImpl(AggressiveInlining)]
    public static V Backward<V>(Square op, V x, V y, V g) where V : INumber<V> => g * (x + x);
}

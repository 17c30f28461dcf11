namespace DeepNet.Ops;

/// <summary>y = the largest integer not above x; the derivative is 0.</summary>
internal readonly struct Floor : IUnaryOp<Floor>
{
    public static bool OnHalves => true;
    public static bool OnIntegers => true;

    [MethodImpl(AggressiveInlining)]
    public V Forward<V>(V x) where V : INumber<V> => V.Floor(x);

    [MethodImpl(AggressiveInlining)]
    public static V Backward<V>(Floor op, V x, V y, V g) where V : INumber<V> => V.Constant(0);
}

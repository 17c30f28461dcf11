namespace DeepNet.Ops;

/// <summary>y = −x.</summary>
internal readonly struct Neg : IUnaryOp<Neg>
{
    public static bool OnHalves => true;
    public static bool OnIntegers => true;

    [MethodImpl(AggressiveInlining)]
    public V Forward<V>(V x) where V : INumber<V> => -x;

    [MethodImpl(AggressiveInlining)]
    public static V Backward<V>(Neg op, V x, V y, V g) where V : INumber<V> => -g;
}

namespace DeepNet.Ops;

/// <summary>The formula that changes nothing: what a plain reduction maps its elements with.</summary>
internal readonly struct Identity : IUnaryOp<Identity>
{
    public static bool OnIntegers => true;
    [MethodImpl(AggressiveInlining)]
    public V Forward<V>(V x) where V : INumber<V> => x;
}

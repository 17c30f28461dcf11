namespace DeepNet.Ops;

/// <summary>The formula that changes nothing: what a plain reduction maps its elements with.</summary>
internal readonly struct Identity : IUnaryOp<Identity>
{
    /// <inheritdoc/>
    public static bool OnIntegers => true;
    /// <inheritdoc/>
    [MethodImpl(AggressiveInlining)]
    public V Forward<V>(V x) where V : INumber<V> => x;
}

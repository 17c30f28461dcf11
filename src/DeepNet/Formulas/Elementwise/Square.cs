namespace DeepNet.Ops;

/// <summary>y = x².</summary>
internal readonly struct Square : IUnaryOp<Square>
{
    /// <inheritdoc/>
    public static bool OnIntegers => true;

    /// <inheritdoc/>
    [MethodImpl(AggressiveInlining)]
    public V Forward<V>(V x) where V : INumber<V> => x * x;

    /// <inheritdoc/>
    [MethodImpl(AggressiveInlining)]
    public static V Backward<V>(Square op, V x, V y, V g) where V : INumber<V> => g * (x + x);
}

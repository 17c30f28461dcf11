namespace DeepNet.Ops;

/// <summary>y = a + b.</summary>
internal readonly struct Add : IBinaryOp<Add>
{
    /// <inheritdoc/>
    public static bool OnHalves => true;

    /// <inheritdoc/>
    public static bool OnIntegers => true;

    /// <inheritdoc/>
    [MethodImpl(AggressiveInlining)]
    public V Forward<V>(V a, V b) where V : INumber<V> => a + b;

    /// <inheritdoc/>
    [MethodImpl(AggressiveInlining)]
    public static (V A, V B) Backward<V>(Add op, V a, V b, V y, V g) where V : INumber<V> => (g, g);
}

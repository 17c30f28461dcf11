namespace DeepNet.Ops;

/// <summary>y = the nearest integer to x, halves to the even one; the derivative is 0.</summary>
internal readonly struct Round : IUnaryOp<Round>
{
    /// <inheritdoc/>
    public static bool OnHalves => true;

    /// <inheritdoc/>
    public static bool OnIntegers => true;

    /// <inheritdoc/>
    [MethodImpl(AggressiveInlining)]
    public V Forward<V>(V x) where V : INumber<V> => V.Round(x);

    /// <inheritdoc/>
    [MethodImpl(AggressiveInlining)]
    public static V Backward<V>(Round op, V x, V y, V g) where V : INumber<V> => V.Constant(0);
}

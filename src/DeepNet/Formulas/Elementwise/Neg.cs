namespace DeepNet.Ops;

/// <summary>y = −x.</summary>
internal readonly struct Neg : IUnaryOp<Neg>
{
    /// <inheritdoc/>
    public static bool OnHalves => true;

    /// <inheritdoc/>
    public static bool OnIntegers => true;

    /// <inheritdoc/>
    [MethodImpl(AggressiveInlining)]
    public V Forward<V>(V x) where V : INumber<V> => -x;

    /// <inheritdoc/>
    [MethodImpl(AggressiveInlining)]
    public static V Backward<V>(Neg op, V x, V y, V g) where V : INumber<V> => -g;
}

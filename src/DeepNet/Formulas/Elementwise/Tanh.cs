namespace DeepNet.Ops;

/// <summary>y = tanh x.</summary>
internal readonly struct Tanh : IUnaryOp<Tanh>
{
    /// <inheritdoc/>
    public static bool OnHalves => true;

    /// <inheritdoc/>
    [MethodImpl(AggressiveInlining)]
    public V Forward<V>(V x) where V : INumber<V> => V.Tanh(x);

    /// <inheritdoc/>
    [MethodImpl(AggressiveInlining)]
    public static V Backward<V>(Tanh op, V x, V y, V g) where V : INumber<V> => g * V.Fma(-y, y, V.Constant(1));
}

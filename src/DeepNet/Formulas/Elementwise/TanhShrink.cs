namespace DeepNet.Ops;

/// <summary>y = x − tanh x.</summary>
internal readonly struct TanhShrink : IUnaryOp<TanhShrink>
{
    /// <inheritdoc/>
    public static bool OnHalves => true;

    /// <inheritdoc/>
    public static string Name => "tanh_shrink";

    /// <inheritdoc/>
    [MethodImpl(AggressiveInlining)]
    public V Forward<V>(V x) where V : INumber<V> => x - V.Tanh(x);
}

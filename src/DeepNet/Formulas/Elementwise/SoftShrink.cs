namespace DeepNet.Ops;

/// <summary>y = x, nearer to 0 by λ, and 0 where |x| ≤ λ.</summary>
/// <param name="lambda">λ.</param>
internal readonly struct SoftShrink(double lambda) : IUnaryOp<SoftShrink>
{
    private readonly Setting lambda = new(lambda);

    /// <inheritdoc/>
    public static bool OnHalves => true;

    /// <inheritdoc/>
    public static string Name => "soft_shrink";

    /// <inheritdoc/>
    public static ReadOnlySpan<SoftShrink> Samples => new SoftShrink[] { new(0.5), new(1) };

    /// <inheritdoc/>
    [MethodImpl(AggressiveInlining)]
    public V Forward<V>(V x) where V : INumber<V> => x - V.Min(V.Constant(lambda), V.Max(-V.Constant(lambda), x));

    /// <inheritdoc/>
    [MethodImpl(AggressiveInlining)]
    public static V Backward<V>(SoftShrink op, V x, V y, V g) where V : INumber<V> => V.IfEqual(y, V.Constant(0), V.Constant(0), g);
}

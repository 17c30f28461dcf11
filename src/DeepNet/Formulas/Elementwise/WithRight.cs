namespace DeepNet.Ops;

/// <summary>A binary operator whose right operand is a constant: x + 1, x², x &gt; 0.</summary>
/// <typeparam name="TOp">The binary operator.</typeparam>
/// <param name="op">The binary operator.</param>
/// <param name="right">The right operand.</param>
internal readonly struct WithRight<TOp>(TOp op, double right) : IUnaryOp<WithRight<TOp>> where TOp : unmanaged, IBinaryOp<TOp>
{
    private readonly TOp op = op;
    private readonly Setting right = new(right);

    /// <inheritdoc/>
    public static string Name => TOp.Name;

    /// <inheritdoc/>
    public static bool OnIntegers => TOp.OnIntegers;

    /// <inheritdoc/>
    public static bool OnHalves => TOp.OnHalves;

    /// <inheritdoc/>
    public static bool IsPredicate => TOp.IsPredicate;

    /// <inheritdoc/>
    public static ReadOnlySpan<WithRight<TOp>> Samples => new WithRight<TOp>[] { new(default, 0.7), new(default, 3) };

    /// <inheritdoc/>
    [MethodImpl(AggressiveInlining)]
    public V Forward<V>(V x) where V : INumber<V> => op.Forward(x, V.Constant(right));

    /// <inheritdoc/>
    [MethodImpl(AggressiveInlining)]
    public static V Backward<V>(WithRight<TOp> op, V x, V y, V g) where V : INumber<V>
        => TOp.Backward(op.op, x, V.Constant(op.right), y, g).A;
}

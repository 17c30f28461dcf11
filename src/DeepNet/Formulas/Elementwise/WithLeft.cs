namespace DeepNet.Ops;

/// <summary>A binary operator whose left operand is a constant: 1 − x, 1/x, 2ˣ.</summary>
/// <typeparam name="TOp">The binary operator.</typeparam>
/// <param name="op">The binary operator.</param>
/// <param name="left">The left operand.</param>
internal readonly struct WithLeft<TOp>(TOp op, double left) : IUnaryOp<WithLeft<TOp>> where TOp : unmanaged, IBinaryOp<TOp>
{
    private readonly TOp op = op;
    private readonly Setting left = new(left);

    /// <inheritdoc/>
    public static string Name => TOp.Name;

    /// <inheritdoc/>
    public static bool OnIntegers => TOp.OnIntegers;

    /// <inheritdoc/>
    public static bool OnHalves => TOp.OnHalves;

    /// <inheritdoc/>
    public static bool IsPredicate => TOp.IsPredicate;

    /// <inheritdoc/>
    public static ReadOnlySpan<WithLeft<TOp>> Samples => new WithLeft<TOp>[] { new(default, 0.7), new(default, 3) };

    /// <inheritdoc/>
    [MethodImpl(AggressiveInlining)]
    public V Forward<V>(V x) where V : INumber<V> => op.Forward(V.Constant(left), x);

    /// <inheritdoc/>
    [MethodImpl(AggressiveInlining)]
    public static V Backward<V>(WithLeft<TOp> op, V x, V y, V g) where V : INumber<V>
        => TOp.Backward(op.op, V.Constant(op.left), x, y, g).B;
}

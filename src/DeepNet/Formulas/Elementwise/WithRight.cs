namespace DeepNet.Ops;

/// <summary>A binary operator whose right operand is a constant: x + 1, x², x &gt; 0.</summary>
internal readonly struct WithRight<TOp>(TOp op, double right) : IUnaryOp<WithRight<TOp>> where TOp : unmanaged, IBinaryOp<TOp>
{
    private readonly TOp op = op;
    private readonly Setting right = new(right);

    public static string Name => TOp.Name;
    public static bool OnIntegers => TOp.OnIntegers;
    public static bool OnHalves => TOp.OnHalves;
    public static bool IsPredicate => TOp.IsPredicate;

    public static ReadOnlySpan<WithRight<TOp>> Samples => new WithRight<TOp>[] { new(default, 0.7), new(default, 3) };

    [MethodImpl(AggressiveInlining)]
    public V Forward<V>(V x) where V : INumber<V> => op.Forward(x, V.Constant(right));

    [MethodImpl(AggressiveInlining)]
    public static V Backward<V>(WithRight<TOp> op, V x, V y, V g) where V : INumber<V>
        => TOp.Backward(op.op, x, V.Constant(op.right), y, g).A;
}

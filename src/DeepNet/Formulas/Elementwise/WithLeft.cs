namespace DeepNet.Ops;

/// <summary>A binary operator whose left operand is a constant: 1 − x, 1/x, 2ˣ.</summary>
internal readonly struct WithLeft<TOp>(TOp op, double left) : IUnaryOp<WithLeft<TOp>> where TOp : unmanaged, IBinaryOp<TOp>
{
    private readonly TOp op = op;
    private readonly Setting left = new(left);

    public static string Name => TOp.Name;
    public static bool OnIntegers => TOp.OnIntegers;
    public static bool OnHalves => TOp.OnHalves;
    public static bool IsPredicate => TOp.IsPredicate;

    public static ReadOnlySpan<WithLeft<TOp>> Samples => new WithLeft<TOp>[] { new(default, 0.7), new(default, 3) };

    [MethodImpl(AggressiveInlining)]
    public V Forward<V>(V x) where V : INumber<V> => op.Forward(V.Constant(left), x);

    [MethodImpl(AggressiveInlining)]
    public static V Backward<V>(WithLeft<TOp> op, V x, V y, V g) where V : INumber<V>
        => TOp.Backward(op.op, V.Constant(op.left), x, y, g).B;
}

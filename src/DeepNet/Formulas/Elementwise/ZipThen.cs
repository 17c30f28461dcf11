namespace DeepNet.Ops;

/// <summary>A unary operator after a binary one, as one formula: the fused form of, say, GELU(x + bias).</summary>
/// <typeparam name="TBinary">The operator applied first.</typeparam>
/// <typeparam name="TUnary">The operator applied to its result.</typeparam>
/// <param name="binary">The operator applied first.</param>
/// <param name="unary">The operator applied to its result.</param>
internal readonly struct ZipThen<TBinary, TUnary>(TBinary binary, TUnary unary) : IBinaryOp<ZipThen<TBinary, TUnary>>
    where TBinary : unmanaged, IBinaryOp<TBinary>
    where TUnary : unmanaged, IUnaryOp<TUnary>
{
    private static readonly string Composed = $"then({TBinary.Name}, {TUnary.Name})";

    private readonly TBinary binary = binary;
    private readonly TUnary unary = unary;

    public static string Name => Composed;
    public static bool OnIntegers => TBinary.OnIntegers && TUnary.OnIntegers;
    public static bool OnHalves => TBinary.OnHalves && TUnary.OnHalves;
    public static bool IsPredicate => TUnary.IsPredicate;

    [MethodImpl(AggressiveInlining)]
    public V Forward<V>(V a, V b) where V : INumber<V> => unary.Forward(binary.Forward(a, b));

    [MethodImpl(AggressiveInlining)]
    public static (V A, V B) Backward<V>(ZipThen<TBinary, TUnary> op, V a, V b, V y, V g) where V : INumber<V>
    {
        V middle = op.binary.Forward(a, b); // recomputed: cheaper than keeping it
        return TBinary.Backward(op.binary, a, b, middle, TUnary.Backward(op.unary, middle, y, g));
    }
}

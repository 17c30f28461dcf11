namespace DeepNet.Ops;

/// <summary>A unary operator after another, as one formula: one pass over memory, one set of saved values, one derivative.</summary>
/// <typeparam name="TFirst">The operator applied first.</typeparam>
/// <typeparam name="TSecond">The operator applied to its result.</typeparam>
/// <param name="first">The operator applied first.</param>
/// <param name="second">The operator applied to its result.</param>
internal readonly struct Then<TFirst, TSecond>(TFirst first, TSecond second) : IUnaryOp<Then<TFirst, TSecond>>
    where TFirst : unmanaged, IUnaryOp<TFirst>
    where TSecond : unmanaged, IUnaryOp<TSecond>
{
    private static readonly string Composed = $"then({TFirst.Name}, {TSecond.Name})";

    private readonly TFirst first = first;
    private readonly TSecond second = second;

    public static string Name => Composed;
    public static bool OnIntegers => TFirst.OnIntegers && TSecond.OnIntegers;
    public static bool OnHalves => TFirst.OnHalves && TSecond.OnHalves;
    public static bool IsPredicate => TSecond.IsPredicate;

    [MethodImpl(AggressiveInlining)]
    public V Forward<V>(V x) where V : INumber<V> => second.Forward(first.Forward(x));

    [MethodImpl(AggressiveInlining)]
    public static V Backward<V>(Then<TFirst, TSecond> op, V x, V y, V g) where V : INumber<V>
    {
        V middle = op.first.Forward(x); // recomputed: cheaper than keeping it
        return TFirst.Backward(op.first, x, middle, TSecond.Backward(op.second, middle, y, g));
    }
}

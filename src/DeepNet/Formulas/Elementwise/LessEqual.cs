namespace DeepNet.Ops;

/// <summary>y = 1 where a ≤ b, else 0.</summary>
internal readonly struct LessEqual : IBinaryOp<LessEqual>
{
    public static bool OnIntegers => true;
    public static bool IsPredicate => true;

    [MethodImpl(AggressiveInlining)]
    public V Forward<V>(V a, V b) where V : INumber<V> => V.IfGreater(b, a, V.Constant(1), V.IfEqual(a, b, V.Constant(1), V.Constant(0)));
}

namespace DeepNet.Ops;

/// <summary>y = 1 where a ≠ b, also where either is NaN, else 0.</summary>
internal readonly struct NotEqual : IBinaryOp<NotEqual>
{
    public static bool OnIntegers => true;
    public static bool IsPredicate => true;

    [MethodImpl(AggressiveInlining)]
    public V Forward<V>(V a, V b) where V : INumber<V> => V.IfEqual(a, b, V.Constant(0), V.Constant(1));
}

namespace DeepNet.Ops;

/// <summary>y = 1 where a &lt; b, else 0.</summary>
internal readonly struct Less : IBinaryOp<Less>
{
    public static bool OnIntegers => true;
    public static bool IsPredicate => true;

    [MethodImpl(AggressiveInlining)]
    public V Forward<V>(V a, V b) where V : INumber<V> => V.IfGreater(b, a, V.Constant(1), V.Constant(0));
}

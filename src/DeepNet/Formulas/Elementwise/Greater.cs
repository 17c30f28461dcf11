namespace DeepNet.Ops;

/// <summary>y = 1 where a &gt; b, else 0.</summary>
internal readonly struct Greater : IBinaryOp<Greater>
{
    public static bool OnIntegers => true;
    public static bool IsPredicate => true;

    [MethodImpl(AggressiveInlining)]
    public V Forward<V>(V a, V b) where V : INumber<V> => V.IfGreater(a, b, V.Constant(1), V.Constant(0));
}

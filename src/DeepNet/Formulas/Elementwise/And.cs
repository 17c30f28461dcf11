namespace DeepNet.Ops;

/// <summary>y = 1 where both a and b are nonzero, else 0.</summary>
internal readonly struct And : IBinaryOp<And>
{
    public static bool OnIntegers => true;
    public static bool IsPredicate => true;

    [MethodImpl(AggressiveInlining)]
    public V Forward<V>(V a, V b) where V : INumber<V>
        => V.IfEqual(a, V.Constant(0), V.Constant(0), V.IfEqual(b, V.Constant(0), V.Constant(0), V.Constant(1)));
}

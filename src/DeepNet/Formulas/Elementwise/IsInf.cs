namespace DeepNet.Ops;

/// <summary>y = 1 where x is infinite, else 0.</summary>
internal readonly struct IsInf : IUnaryOp<IsInf>
{
    public static bool OnIntegers => true;
    public static bool IsPredicate => true;

    [MethodImpl(AggressiveInlining)]
    public V Forward<V>(V x) where V : INumber<V>
        => V.IfEqual(x - x, V.Constant(0), V.Constant(0), V.IfEqual(x, x, V.Constant(1), V.Constant(0)));
}

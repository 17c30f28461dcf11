namespace DeepNet.Ops;

/// <summary>y = 1 where x is not a number, else 0.</summary>
internal readonly struct IsNan : IUnaryOp<IsNan>
{
    public static bool OnIntegers => true;
    public static bool IsPredicate => true;

    [MethodImpl(AggressiveInlining)]
    public V Forward<V>(V x) where V : INumber<V> => V.IfEqual(x, x, V.Constant(0), V.Constant(1));
}

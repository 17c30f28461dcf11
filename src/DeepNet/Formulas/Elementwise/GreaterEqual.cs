namespace DeepNet.Ops;

/// <summary>y = 1 where a ≥ b, else 0.</summary>
internal readonly struct GreaterEqual : IBinaryOp<GreaterEqual>
{
    public static string Name => "greater_equal";
    public static bool OnIntegers => true;
    public static bool IsPredicate => true;

    [MethodImpl(AggressiveInlining)]
    public V Forward<V>(V a, V b) where V : INumber<V> => V.IfGreater(a, b, V.Constant(1), V.IfEqual(a, b, V.Constant(1), V.Constant(0)));

    [MethodImpl(AggressiveInlining)]
    public static (V A, V B) Backward<V>(GreaterEqual op, V a, V b, V y, V g) where V : INumber<V> => (V.Constant(0), V.Constant(0));
}

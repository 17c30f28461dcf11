namespace DeepNet.Ops;

/// <summary>y = a + b.</summary>
internal readonly struct Add : IBinaryOp<Add>
{
    public static bool OnHalves => true;
    public static bool OnIntegers => true;

    [MethodImpl(AggressiveInlining)]
    public V Forward<V>(V a, V b) where V : INumber<V> => a + b;

    [MethodImpl(AggressiveInlining)]
    public static (V A, V B) Backward<V>(Add op, V a, V b, V y, V g) where V : INumber<V> => (g, g);
}

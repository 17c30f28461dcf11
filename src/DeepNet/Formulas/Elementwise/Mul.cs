namespace DeepNet.Ops;

/// <summary>y = a·b.</summary>
internal readonly struct Mul : IBinaryOp<Mul>
{
    public static bool OnHalves => true;
    public static bool OnIntegers => true;

    [MethodImpl(AggressiveInlining)]
    public V Forward<V>(V a, V b) where V : INumber<V> => a * b;

    [MethodImpl(AggressiveInlining)]
    public static (V A, V B) Backward<V>(Mul op, V a, V b, V y, V g) where V : INumber<V> => (g * b, g * a);
}

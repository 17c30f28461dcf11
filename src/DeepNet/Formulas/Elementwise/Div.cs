namespace DeepNet.Ops;

/// <summary>y = a/b.</summary>
internal readonly struct Div : IBinaryOp<Div>
{
    public static bool OnHalves => true;

    [MethodImpl(AggressiveInlining)]
    public V Forward<V>(V a, V b) where V : INumber<V> => a / b;

    [MethodImpl(AggressiveInlining)]
    public static (V A, V B) Backward<V>(Div op, V a, V b, V y, V g) where V : INumber<V>
    {
        V d = g / b;
        return (d, -(d * y));
    }
}

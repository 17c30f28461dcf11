namespace DeepNet.Ops;

/// <summary>(a − b)².</summary>
internal readonly struct SquaredError : IBinaryOp<SquaredError>
{
    [MethodImpl(AggressiveInlining)]
    public V Forward<V>(V a, V b) where V : INumber<V>
    {
        V d = a - b;
        return d * d;
    }

    [MethodImpl(AggressiveInlining)]
    public static (V A, V B) Backward<V>(SquaredError op, V a, V b, V y, V g) where V : INumber<V>
    {
        V d = V.Constant(2) * (a - b) * g;
        return (d, -d);
    }
}

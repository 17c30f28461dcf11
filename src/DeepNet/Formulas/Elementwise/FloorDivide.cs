namespace DeepNet.Ops;

/// <summary>y = ⌊a/b⌋, consistent with <see cref="Remainder"/>; the derivatives are 0.</summary>
internal readonly struct FloorDivide : IBinaryOp<FloorDivide>
{
    public static bool OnIntegers => true;

    [MethodImpl(AggressiveInlining)]
    public V Forward<V>(V a, V b) where V : INumber<V>
    {
        V r = default(Remainder).Forward(a, b);
        return V.IfEqual(b, V.Constant(0), a / b, V.Round((a - r) / b)); // ⌊a/b⌋ alone would be one too much where a/b rounds up
    }

    [MethodImpl(AggressiveInlining)]
    public static (V A, V B) Backward<V>(FloorDivide op, V a, V b, V y, V g) where V : INumber<V> => (V.Constant(0), V.Constant(0));
}

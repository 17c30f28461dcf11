namespace DeepNet.Ops;

/// <summary>y = min(a, b), NaN if either is; equal arguments share the gradient half and half.</summary>
internal readonly struct Minimum : IBinaryOp<Minimum>
{
    public static bool OnHalves => true;
    public static bool OnIntegers => true;

    [MethodImpl(AggressiveInlining)]
    public V Forward<V>(V a, V b) where V : INumber<V> => V.Min(a, b);

    [MethodImpl(AggressiveInlining)]
    public static (V A, V B) Backward<V>(Minimum op, V a, V b, V y, V g) where V : INumber<V>
    {
        V zero = V.Constant(0), half = g * V.Constant(0.5);
        return (V.IfGreater(b, a, g, V.IfGreater(a, b, zero, half)), V.IfGreater(a, b, g, V.IfGreater(b, a, zero, half)));
    }
}

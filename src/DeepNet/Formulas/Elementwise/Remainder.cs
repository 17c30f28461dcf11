namespace DeepNet.Ops;

/// <summary>y = a − b·⌊a/b⌋, with the sign of b; NaN (or an exception on integers) for b = 0.</summary>
/// <remarks>Quotients beyond 2²⁴ in single precision leave no exact remainder.</remarks>
internal readonly struct Remainder : IBinaryOp<Remainder>
{
    public static bool OnIntegers => true;

    [MethodImpl(AggressiveInlining)]
    public V Forward<V>(V a, V b) where V : INumber<V>
    {
        V zero = V.Constant(0);
        V r = V.Fma(-V.Floor(a / b), b, a);
        // The quotient may round across an integer: bring the remainder back to b's side of zero, and below b.
        V positive = V.IfGreater(zero, r, r + b, V.IfGreater(b, r, r, r - b));
        V negative = V.IfGreater(r, zero, r + b, V.IfGreater(r, b, r, r - b));
        V finite = V.IfGreater(b, zero, positive, V.IfGreater(zero, b, negative, r));
        // An infinite b leaves an a on its own side alone and swallows one on the other side.
        V infinite = V.IfGreater(zero, a * b, b, a + (a - a));
        return V.IfEqual(b - b, zero, finite, V.IfEqual(b, b, infinite, b));
    }

    [MethodImpl(AggressiveInlining)]
    public static (V A, V B) Backward<V>(Remainder op, V a, V b, V y, V g) where V : INumber<V> => (g, -(g * V.Floor(a / b)));
}

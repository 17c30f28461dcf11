namespace DeepNet.Ops;

/// <summary>|x|ᵖ, whose derivative at zero is taken to be zero for every p: the term of a p-norm.</summary>
/// <param name="power">The power p, not zero.</param>
internal readonly struct AbsPower(double power) : IUnaryOp<AbsPower>
{
    private readonly double power = power;

    public static ReadOnlySpan<AbsPower> Samples => new AbsPower[] { new(3), new(1.5), new(-2) };


    [MethodImpl(AggressiveInlining)]
    public V Forward<V>(V x) where V : INumber<V> => V.Pow(V.Abs(x), V.Constant(power));

    [MethodImpl(AggressiveInlining)]
    public static V Backward<V>(AbsPower op, V x, V y, V g) where V : INumber<V>
    {
        V zero = V.Constant(0), one = V.Constant(1);
        V safe = V.IfEqual(x, zero, one, x); // at zero, a power below 1 would give 0 · ∞ in the derivative of this
        V slope = V.Constant(op.power) * V.Pow(V.Abs(safe), V.Constant(op.power - 1));
        return g * V.IfEqual(x, zero, zero, V.IfGreater(safe, zero, slope, -slope));
    }
}

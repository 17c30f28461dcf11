namespace DeepNet.Ops;

/// <summary>1 for numbers below or above a range, 0 within it; NaN counts as within.</summary>
/// <param name="low">The lowest number of the range.</param>
/// <param name="high">The highest.</param>
internal readonly struct Outside(double low, double high) : IUnaryOp<Outside>
{
    private readonly Setting low = new(low), high = new(high);

    public static ReadOnlySpan<Outside> Samples => new Outside[] { new(0, 1) };

    [MethodImpl(AggressiveInlining)]
    public V Forward<V>(V x) where V : INumber<V>
    {
        V zero = V.Constant(0), one = V.Constant(1);
        return V.IfGreater(V.Constant(low), x, one, V.IfGreater(x, V.Constant(high), one, zero));
    }
}

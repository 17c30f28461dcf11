namespace DeepNet.Ops;

/// <summary>The root of a number that is not negative, whose derivative at zero is taken to be zero: the end of a norm.</summary>
/// <param name="degree">Which root: 2 for the square root.</param>
internal readonly struct Root(double degree) : IUnaryOp<Root>
{
    private readonly double degree = degree;

    public static ReadOnlySpan<Root> Samples => new Root[] { new(2), new(3), new(1.5) };

    public static ReadOnlySpan<double> Points => [0.1, 0.4, 1.3, 2.7];

    [MethodImpl(AggressiveInlining)]
    public V Forward<V>(V x) where V : INumber<V> => degree == 2 ? V.Sqrt(x) : V.Pow(x, V.Constant(1 / degree));

    [MethodImpl(AggressiveInlining)]
    public static V Backward<V>(Root op, V x, V y, V g) where V : INumber<V>
    {
        V zero = V.Constant(0), one = V.Constant(1);
        // y' = y / (degree · x), with a divisor that is never zero.
        V slope = y / (V.Constant(op.degree) * V.IfEqual(x, zero, one, x));
        return g * slope;
    }
}

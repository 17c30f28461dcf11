namespace DeepNet.Ops;

/// <summary>y = a · (1 − share) + b · factor · share: what a running mean becomes.</summary>
internal readonly struct Mix(double share, double factor) : IBinaryOp<Mix>
{
    private readonly double rest = 1 - share, share = share, factor = factor;

    public static ReadOnlySpan<Mix> Samples => new Mix[] { new(0.1, 1.5) };

    [MethodImpl(AggressiveInlining)]
    public V Forward<V>(V a, V b) where V : INumber<V> => a * V.Constant(rest) + b * V.Constant(factor) * V.Constant(share);

    [MethodImpl(AggressiveInlining)]
    public static (V A, V B) Backward<V>(Mix op, V a, V b, V y, V g) where V : INumber<V>
        => (g * V.Constant(op.rest), g * V.Constant(op.factor) * V.Constant(op.share));
}

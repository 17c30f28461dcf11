namespace DeepNet;

/// <summary>Numbers in [low, high), all equally likely.</summary>
public readonly struct UniformBetween : IDistribution
{
    private readonly Setting low, range, last;

    /// <summary>The distribution over an interval, for tensors of one element type.</summary>
    public UniformBetween(double low, double high, DType dtype = DType.Float32)
    {
        this.low = new(low);
        range = new(high - low);
        last = new(Math.Max(low, Below(high, dtype)));
    }

    /// <inheritdoc/>
    [MethodImpl(AggressiveInlining)]
    public V From<V>(V u) where V : INumber<V>
    {
        // Rounding can carry the sum up to the end of the interval, which is not part of it.
        V x = V.Fma(u, V.Constant(range), V.Constant(low)), end = V.Constant(last);
        return V.IfGreater(end, x, x, end);
    }

    private static double Below(double high, DType dtype) => dtype switch
    {
        DType.Float64 => Math.BitDecrement(high),
        DType.Float16 => (double)Half.BitDecrement((Half)high),
        DType.BFloat16 => Below((BFloat16)high),
        _ => MathF.BitDecrement((float)high),
    };

    private static float Below(BFloat16 x) => x.Bits switch
    {
        0x0000 or 0x8000 => new BFloat16(0x8001),
        < 0x8000 => new BFloat16((ushort)(x.Bits - 1)),
        _ => new BFloat16((ushort)(x.Bits + 1)),
    };
}

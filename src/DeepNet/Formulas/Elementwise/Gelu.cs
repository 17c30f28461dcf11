namespace DeepNet.Ops;

/// <summary>y = x·Φ(x), with Φ the normal distribution.</summary>
/// <remarks>
/// Φ is a number of its own, so each interpreter computes it as it can: in double precision without cancellation in the left
/// tail, in single precision within 1.8e-7 of Φ for speed (as other frameworks do), and exactly 0 below −5.7, so that y is −0 there.
/// </remarks>
internal readonly struct Gelu : IUnaryOp<Gelu>
{
    public static bool OnHalves => true;

    [MethodImpl(AggressiveInlining)]
    public V Forward<V>(V x) where V : INumber<V> => x * V.NormalCdf(x);

    [MethodImpl(AggressiveInlining)]
    public static V Backward<V>(Gelu op, V x, V y, V g) where V : INumber<V>
    {
        V density = V.Constant(0.3989422804014327) * V.Exp(x * x * V.Constant(-0.5));
        return g * V.Fma(x, density, V.NormalCdf(x));
    }
}

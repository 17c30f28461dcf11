namespace DeepNet.Ops;

/// <summary>y = ln(1 + e^(β·x))/β, and x itself where β·x is above the threshold.</summary>
/// <param name="beta">The sharpness of the bend.</param>
/// <param name="threshold">Where the linear part begins, in units of β·x.</param>
internal readonly struct Softplus(double beta, double threshold) : IUnaryOp<Softplus>
{
    private readonly Setting beta = new(beta), inverse = new(1 / beta), threshold = new(threshold);

    public static ReadOnlySpan<Softplus> Samples => new Softplus[] { new(1, 20), new(2.5, 3) };

    [MethodImpl(AggressiveInlining)]
    public V Forward<V>(V x) where V : INumber<V>
    {
        V z = V.Constant(beta) * x;
        V soft = V.Max(V.Constant(0), z) + V.Log1p(V.Exp(-V.Abs(z)));
        return V.IfGreater(z, V.Constant(threshold), x, soft * V.Constant(inverse));
    }

    [MethodImpl(AggressiveInlining)]
    public static V Backward<V>(Softplus op, V x, V y, V g) where V : INumber<V>
    {
        V z = V.Constant(op.beta) * x;
        return V.IfGreater(z, V.Constant(op.threshold), g, g / V.OnePlusExp(-z));
    }
}

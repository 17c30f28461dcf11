namespace DeepNet.Ilgpu;

/// <summary>Adds the bias and applies the activation of a product, while its sums become the result's type.</summary>
internal struct ProductEndJob<TOp, V, TWide, T> : IWideJob
    where TOp : unmanaged, IUnaryOp<TOp>
    where V : unmanaged, IGpuNumber<V, TWide>, IGpuNumber<V, T> where TWide : unmanaged where T : unmanaged
{
    public TOp Op;
    public ArrayView<TWide> Sum, Bias;
    public ArrayView<T> Y;
    public Divisor Width, WidthInFours;
    public int HasBias;

    public static string Name => "affine";

    public void Run(long i) => Y[i] = End(Sum[i], HasBias != 0 ? Bias[i - Width.Of(i) * Width] : default);

    public void RunFour(int i)
    {
        Four<TWide> sum = Fours.Read(Sum, i), bias = default;
        if (HasBias != 0) bias = Fours.Read(Bias, (int)((uint)i - WidthInFours.Of((uint)i) * (uint)WidthInFours.Value));
        Fours.Write(Y, i, new(End(sum.A, bias.A), End(sum.B, bias.B), End(sum.C, bias.C), End(sum.D, bias.D)));
    }

    [MethodImpl(AggressiveInlining)]
    private readonly T End(TWide sum, TWide bias)
    {
        V value = Element<V, TWide>.From(sum);
        if (HasBias != 0) value += Element<V, TWide>.From(bias);
        return Element<V, T>.To(Op.Forward(value));
    }
}

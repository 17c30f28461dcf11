namespace DeepNet.Ilgpu;

/// <summary>What comes after the product of a linear layer: the bias and the ReLU, while the sums become the result's type.</summary>
internal struct AffineEndJob<V, TWide, T> : IJob where V : unmanaged, IGpuNumber<V, TWide>, IGpuNumber<V, T> where TWide : unmanaged where T : unmanaged
{
    public ArrayView<TWide> Sum, Bias;
    public ArrayView<T> Y;
    public long Width;
    public int HasBias, Rectify;

    public static string Name => "affine";

    public void Run(long i)
    {
        V value = Element<V, TWide>.From(Sum[i]);
        if (HasBias != 0) value += Element<V, TWide>.From(Bias[i - Nest.Divide(i, Width) * Width]);
        if (Rectify != 0) value = V.Max(V.Constant(0), value);
        Y[i] = Element<V, T>.To(value);
    }
}

namespace DeepNet.Bench.Cases;

/// <summary>
/// The multiply-adds of the products and convolutions in a training step: each is done forward, for the gradient of its weight and, where
/// it is not the first, for that of its input.
/// </summary>
internal static class StepWork
{
    private const int First = 2, Later = 3;

    public static Work Mlp(int batch) => Work.MultiplyAdds(batch * (First * 784.0 * 128 + Later * 128 * 10));

    public static Work MlpWithNorms => Work.MultiplyAdds(128 * (First * 784.0 * 512 + Later * (512 * 256 + 256 * 10)));

    public static Work LeNet => Work.MultiplyAdds(
        64 * (First * Convolution(1, 32, 3, 26) + Later * (Convolution(32, 64, 3, 24) + 9216 * 128 + 128 * 10)));

    public static Work ResNet14 => Work.MultiplyAdds(32 * (First * Convolution(3, 16, 3, 32) + Later * (
        4 * Convolution(16, 16, 3, 32)
        + Convolution(16, 32, 3, 16) + 3 * Convolution(32, 32, 3, 16) + Convolution(16, 32, 1, 16)
        + Convolution(32, 64, 3, 8) + 3 * Convolution(64, 64, 3, 8) + Convolution(32, 64, 1, 8) + 64 * 10)));

    public static Work Lstm => Work.MultiplyAdds(64 * 32 * (First * 64.0 * 512 + Later * 128 * 512));

    /// <summary>Of attention, the half that a causal mask leaves.</summary>
    public static Work CharGpt => Work.MultiplyAdds(
        16 * 128 * Later * (4 * (128.0 * 3 * 128 + 128 * 128 + 2 * 128 * 512 + 128 * 128) + 128 * 96));

    private static double Convolution(int inputs, int outputs, int kernel, int size)
        => (double)inputs * outputs * kernel * kernel * size * size;
}

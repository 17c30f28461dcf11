namespace DeepNet.Bench.Cases;

/// <summary>Matrix products, and a step of the smallest real network.</summary>
internal static class Products
{
    public static IEnumerable<Case> Cases =>
    [
        new("gemm_256", () => Gemm(256, 256, 256)),
        new("gemm_512", () => Gemm(512, 512, 512)),
        new("gemm_1024", () => Gemm(1024, 1024, 1024)),
        new("gemm_64x784x128", () => Gemm(64, 128, 784)),
        new("mlp_step_b64", () => new Mlp(64).ScopedStep),
    ];

    private static Action Gemm(int m, int n, int k)
    {
        Tensor a = Tensor.Randn(new Shape(m, k)), b = Tensor.Randn(new Shape(k, n));
        return () => a.MatMul(b).Dispose();
    }
}

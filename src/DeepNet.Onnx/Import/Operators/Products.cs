namespace DeepNet.Onnx;

/// <summary>Matrix products.</summary>
internal static class Products
{
    public static void AddTo(OperatorTable table)
    {
        table.Same("MatMul", call => MatMul(call[0], call[1]));
        table.Same("Gemm", Gemm);
        table.Same("Einsum", Einsum);
        table.Map("Det", Linalg.Det);
    }

    /// <summary>The product; that of integers by way of float64.</summary>
    public static Tensor MatMul(Tensor a, Tensor b)
    {
        if (!a.DType.IsFloating()) return a.To(DType.Float64).MatMul(b.To(DType.Float64)).To(a.DType);
        return a.Rank > 2 && b.Rank == 2 ? a.Affine(b) : a.MatMul(b);
    }

    private static Tensor Gemm(Call call)
    {
        Tensor a = call[0], b = call[1];
        double alpha = call.Float("alpha", 1), beta = call.Float("beta", 1);
        bool transB = call.Flag("transB");
        if (call.Flag("transA")) a = a.T;
        var c = call.Optional(2);
        if (!a.DType.IsFloating()) return Whole(a, transB ? b.T : b, c, alpha, beta);
        if (c is not null && alpha == 1 && beta == 1 && c.Count == b.Shape[transB ? 0 : 1] && c.Shape[^1] == c.Count)
            return a.Affine(b, c.Reshape(-1), transB);
        var y = a.Affine(b, null, transB);
        if (alpha != 1) y = y * alpha;
        return c is null || beta == 0 ? y : y + (beta == 1 ? c : c * beta);
    }

    private static Tensor Whole(Tensor a, Tensor b, Tensor? c, double alpha, double beta)
    {
        var y = MatMul(a, b).To(DType.Float64) * alpha;
        return (c is null ? y : y + c.To(DType.Float64) * beta).To(a.DType);
    }

    private static Tensor Einsum(Call call)
        => Tensor.Einsum(call.Text("equation", "").Replace(" ", "", StringComparison.Ordinal), call.All.OfType<Tensor>().ToArray());
}

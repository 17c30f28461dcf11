namespace DeepNet.Onnx;

/// <summary>A product with a bias that is added, as one linear layer.</summary>
internal static class LinearFusion
{
    public static void Apply(Rewriter rewriter)
    {
        foreach (var product in rewriter.Steps.Where(step => step.Name == "MatMul").ToList())
        {
            if (rewriter.Reader(product, "Add") is not { } sum) continue;
            int bias = sum.Inputs[Rewriter.Other(sum, product.Outputs[0])];
            rewriter.Replace(sum, [product], "MatMul", call => [Compute(call[0], call[1], call[2])], product.Inputs[0],
                product.Inputs[1], bias);
        }
    }

    private static Tensor Compute(Tensor x, Tensor weight, Tensor bias)
        => x.DType.IsFloating() && x.Rank > 1 && weight.Rank == 2 && bias.Rank == 1 && bias.Count == weight.Shape[1]
            ? x.Affine(weight, bias)
            : Products.MatMul(x, weight) + bias;
}

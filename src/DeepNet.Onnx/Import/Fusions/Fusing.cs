namespace DeepNet.Onnx;

/// <summary>Replaces patterns of operators by what one kernel computes.</summary>
internal static class Fusing
{
    public static void Apply(Plan plan, Tensor?[] constants)
    {
        var rewriter = new Rewriter(plan, constants);
        ConvolutionFusion.Apply(rewriter);
        InstanceNormFusion.Apply(rewriter);
        GeluFusion.Apply(rewriter);
        LayerNormFusion.Apply(rewriter);
        AttentionFusion.Apply(rewriter);
        LinearFusion.Apply(rewriter);
    }
}

namespace DeepNet.Onnx;

/// <summary>Instance normalisations that scale by 1 and shift by 0, as group normalisations are written.</summary>
internal static class InstanceNormFusion
{
    public static void Apply(Rewriter rewriter)
    {
        foreach (var norm in rewriter.Steps.Where(step => step.Name == "InstanceNormalization" && step.Inputs.Length == 3).ToList())
            if (IsAll(rewriter, norm.Inputs[1], 1) && IsAll(rewriter, norm.Inputs[2], 0))
                rewriter.Replace(norm, [], norm.Name, call => [Norms.Groups(call, call[0].Shape[1]).To(call[0].DType)], norm.Inputs[0]);
    }

    private static bool IsAll(Rewriter rewriter, int place, double number)
        => rewriter.Constant(place) is { } constant && constant.DType.IsFloating()
            && constant.ToArray<double>().All(value => value == number);
}

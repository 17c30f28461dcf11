namespace DeepNet.Onnx;

/// <summary>(x − mean) / √(variance + ε), scaled and shifted, along the last axis.</summary>
internal static class LayerNormFusion
{
    public static void Apply(Rewriter rewriter)
    {
        foreach (var div in rewriter.Steps.Where(step => step.Name == "Div").ToList()) Find(rewriter, div);
    }

    private static void Find(Rewriter rewriter, Step div)
    {
        if (rewriter.OnlyFor(div, 1, "Sqrt") is not { } root || rewriter.OnlyFor(root, 0, "Add") is not { } sum) return;
        int number = rewriter.Number(sum, 1) is not null ? 1 : 0;
        if (rewriter.Number(sum, number) is not { } epsilon || rewriter.OnlyFor(sum, 1 - number, "ReduceMean") is not { } variance) return;
        if (rewriter.OnlyFor(variance, 0, "Pow", "Mul") is not { } square) return;
        int centered = div.Inputs[0];
        if (square.Inputs[0] != centered || !(
            square.Name == "Pow" ? rewriter.Number(square, 1) is 2.0 : square.Inputs[1] == centered)) return;
        if (rewriter.Maker(div, 0, "Sub") is not { } sub || rewriter.OnlyFor(sub, 1, "ReduceMean") is not { } mean) return;
        int x = sub.Inputs[0], uses = square.Name == "Mul" ? 3 : 2;
        if (mean.Inputs[0] != x || rewriter.Readers(centered) != uses || !IsLast(rewriter, mean) || !IsLast(rewriter, variance)) return;
        if (rewriter.Reader(div, "Mul") is not { } scaled || rewriter.Reader(scaled, "Add") is not { } shifted) return;
        int weight = scaled.Inputs[Rewriter.Other(scaled, div.Outputs[0])],
            bias = shifted.Inputs[Rewriter.Other(shifted, scaled.Outputs[0])];
        rewriter.Replace(shifted, [mean, sub, square, variance, sum, root, div, scaled], "LayerNormalization",
            call => [Compute(call[0], call[1], call[2], epsilon)], x, weight, bias);
    }

    // What is broadcast in another way than along the last axis is computed as it stands in the file.
    private static Tensor Compute(Tensor x, Tensor weight, Tensor bias, double epsilon)
    {
        if (weight.Rank == 1 && bias.Rank == 1 && weight.Count == x.Shape[^1] && bias.Count == weight.Count && x.DType.IsDifferentiable())
            return Norms.Rows(x, x.Rank - 1, weight, bias, epsilon, true, out _, out _);
        var centered = x - x.Mean(-1, keepDim: true);
        return centered / (centered.Square().Mean(-1, keepDim: true) + epsilon).Sqrt() * weight + bias;
    }

    private static bool IsLast(Rewriter rewriter, Step mean)
    {
        if (mean.Attribute("keepdims")?.Int == 0) return false;
        if (mean.Attribute("axes") is { } axes) return axes.Ints is [-1];
        return mean.Inputs.Length > 1 && rewriter.Constant(mean.Inputs[1]) is { Count: 1 } axis && axis.ToArray<long>()[0] == -1;
    }
}

using DeepNet.Ops;

namespace DeepNet.Onnx;

/// <summary>Linear layers.</summary>
internal static class ProductWriter
{
    public static string Affine(ExportStep step, Affine affine)
    {
        string x = step.In(0), weight = step.In(1);
        string? bias = step.Event.Inputs.Length > 2 ? step.In(2) : null;
        string y;
        if (step.Input(0).Rank == 2)
        {
            string[] inputs = bias is null ? [x, weight] : [x, weight, bias];
            y = bias is null && !affine.IsTransposed ? step.Node("MatMul", inputs)
                : affine.IsTransposed ? step.Node("Gemm", inputs, ("transB", 1)) : step.Node("Gemm", inputs);
        }
        else
        {
            if (affine.IsTransposed) weight = step.Node("Transpose", [weight], ("perm", new[] { 1, 0 }));
            y = step.Node("MatMul", [x, weight]);
            if (bias is not null) y = step.Node("Add", [y, bias]);
        }
        return affine.Activation is { } activation ? step.Formula(activation, step.Output.DType, y) : y;
    }
}

namespace DeepNet.Onnx;

/// <summary>Interpolation along one axis: a product with the weights of all elements, most of them 0.</summary>
internal static class ResampleWriter
{
    // Operands are (1, outer, length, inner), weights and places of (1, taps, count).
    public static string? Write(ExportStep step)
    {
        Tensor x = step.Input(0), weight = step.Input(1), index = step.Input(2);
        if (x.Shape[0] != 1) return null;
        foreach (var e in step.Events)
            if (!e.Inputs[1].ArrayEqual(weight) || !e.Inputs[2].ArrayEqual(index))
                throw ExportContext.Error(step.Event, "interpolates along an open axis");
        int length = x.Shape[2], count = weight.Shape[2];
        double[] weights = weight.ToArray<double>();
        long[] places = index.ToArray<long>();
        var matrix = new double[length * count];
        for (int i = 0; i < weights.Length; i++) matrix[places[i] * count + i % count] += weights[i];
        string turned = step.Node("Transpose", [step.In(0)], ("perm", new[] { 0, 1, 3, 2 }));
        string product = step.Node("MatMul", [turned,
            step.Graph.Constant(Tensor.From<double>(matrix, new Shape(length, count)).To(x.DType))]);
        return step.Node("Transpose", [product], ("perm", new[] { 0, 1, 3, 2 }));
    }
}

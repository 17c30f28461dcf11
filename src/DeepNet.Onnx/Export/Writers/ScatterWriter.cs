namespace DeepNet.Onnx;

/// <summary>
/// Sums of what is scattered to one place. Operands are what is scattered, its places and, if there is one, what it is added to.
/// </summary>
internal static class ScatterWriter
{
    public static string Rows(ExportStep step, int axis)
    {
        if (axis == 0) return Add(step, "ScatterND", step.Node("Unsqueeze", [step.In(1), step.Graph.Longs(1)]));
        long[] others = [.. Enumerable.Range(0, step.Output.Rank).Where(at => at != axis).Select(at => (long)at)];
        string index = step.Node("Unsqueeze", [step.In(1), step.Graph.Longs(others)]);
        return Add(step, "ScatterElements", step.Node("Expand", [index, step.Shape(e => e.Inputs[0].Shape)]), ("axis", axis));
    }

    public static string Elements(ExportStep step, int axis) => Add(step, "ScatterElements", step.In(1), ("axis", axis));

    private static string Add(ExportStep step, string op, string index, params ReadOnlySpan<(string Name, object Value)> axis)
    {
        string to = step.Event.Inputs.Length > 2 ? step.In(2) : step.Node("ConstantOfShape", [step.Shape(e => e.Output.Shape)],
            ("value", TensorData.Save("", Tensor.Zeros(new Shape(1), step.Output.DType))));
        return step.Node(op, [to, index, step.In(0)], [.. axis, ("reduction", "add")]);
    }
}

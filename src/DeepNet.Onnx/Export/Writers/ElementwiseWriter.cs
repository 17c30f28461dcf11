namespace DeepNet.Onnx;

/// <summary>Formulas: interpreted by a number that writes nodes.</summary>
internal static class ElementwiseWriter
{
    private static readonly Dictionary<string, string> comparisons = new()
    {
        ["equal"] = "Equal", ["greater"] = "Greater", ["greater_equal"] = "GreaterOrEqual", ["less"] = "Less",
        ["less_equal"] = "LessOrEqual",
    };

    private static readonly Dictionary<string, string> truths = new() { ["and"] = "And", ["or"] = "Or", ["xor"] = "Xor" };

    public static string Write(ExportStep step)
    {
        DType from = step.Input(0).DType, to = step.Output.DType;
        if (step.Event.Name == "is_nan") return step.Node("IsNaN", step.Ins);
        if (step.Event.Name == "is_inf" && from is DType.Float32 or DType.Float64) return step.Node("IsInf", step.Ins);
        if (step.Event.Inputs.Length == 2)
        {
            if (comparisons.TryGetValue(step.Event.Name, out string? op)) return step.Node(op, step.Ins);
            if (step.Event.Name == "not_equal") return step.Node("Not", [step.Node("Equal", step.Ins)]);
            if (from == DType.Bool && truths.TryGetValue(step.Event.Name, out op)) return step.Node(op, step.Ins);
        }
        if (step.Event.Name == "not" && from == DType.Bool) return step.Node("Not", step.Ins);

        // A sum that is divided by the number of its terms is a mean.
        if (step.Event is { Name: "div", Inputs.Length: 1 } && step.Context.Sums.TryGetValue(step.In(0), out var sum)
            && step.Settings(from).Select(list => list.FirstOrDefault()).SequenceEqual(sum.Counts))
            return step.Node("ReduceMean", [sum.X, sum.Axes], ("keepdims", sum.KeepsAxes));

        // Integers have no floor and truth values no arithmetic: such formulas are written in float64, which has all integers up to 2⁵³.
        var type = from == DType.Bool ? DType.Float32 : from.IsFloating() || IsOfIntegers(step.Event.Name) ? from : DType.Float64;
        string[] inputs = step.Ins;
        if (type != from) inputs = [.. inputs.Select(input => step.Cast(input, type))];
        string y = step.OwnFormula(type, inputs);
        return to == type ? y : step.Cast(y, to);
    }

    private static bool IsOfIntegers(string name)
        => name is "add" or "sub" or "mul" or "neg" or "abs" or "maximum" or "minimum" or "clamp" or "relu"
            or "square" or "equal" or "greater" or "less";
}

using DeepNet.Ops;

namespace DeepNet.Onnx;

/// <summary>Normalisations by the statistics of what is normalised.</summary>
internal static class NormWriter
{
    public static string? Write(ExportStep step, Normalize norm)
    {
        var at = norm.Layout;
        var x = step.Input(0);
        string? weight = step.Event.Inputs.Length > 1 ? step.In(1) : null, bias = step.Event.Inputs.Length > 2 ? step.In(2) : null;
        if (at.IsPerElement) return Rows(step, norm, weight, bias);
        if (at.Outer == 1 && x.Rank > 1 && x.Shape[0] > 0 && at.Groups % x.Shape[0] == 0 && weight is null && at.IsCentered)
            return Groups(step, norm, at.Groups / x.Shape[0]);
        if (x.Rank < 2 || x.Shape[0] != at.Outer || x.Shape[1] != at.Groups) return null;
        int[] axes = [0, .. Enumerable.Range(2, x.Rank - 2)];
        return Composed(step, step.In(0), axes, norm.Epsilon, at.IsCentered, Wide(step, weight), Wide(step, bias));
    }

    private static string? Wide(ExportStep step, string? name)
        => name is null ? null : step.Node("Reshape", [name, step.Graph.Longs([-1, .. Enumerable.Repeat(1L, step.Input(0).Rank - 2)])]);

    // The axes that the rows are made of are those behind the first that together have their length.
    private static string? Rows(ExportStep step, Normalize norm, string? weight, string? bias)
    {
        var x = step.Input(0);
        int axis = x.Rank;
        for (long count = 1; axis > 0 && count < norm.Layout.Inner;) count *= x.Shape[--axis];
        if (axis == x.Rank) return null;
        Shape shape = new(x.Shape.Axes[axis..]), flat = new((int)shape.Count);
        if (weight is not null) weight = step.Context.Reshaped(weight, flat, shape);
        if (bias is not null) bias = step.Context.Reshaped(bias, flat, shape);
        int[] axes = [.. Enumerable.Range(axis, x.Rank - axis)];
        if (!norm.Layout.IsCentered) return Composed(step, step.In(0), axes, norm.Epsilon, false, weight, bias);
        weight ??= step.Graph.Constant(Tensor.Ones(new Shape(x.Shape.Axes[axis..]), x.DType));
        string[] inputs = bias is null ? [step.In(0), weight] : [step.In(0), weight, bias];
        return step.Node("LayerNormalization", inputs, ("axis", axis - x.Rank), ("epsilon", norm.Epsilon));
    }

    private static string Groups(ExportStep step, Normalize norm, int groups)
    {
        var dtype = step.Input(0).DType;
        bool areRows = step.Input(0).Rank == 3 && step.Input(0).Shape[1] == groups;
        string rows = areRows ? step.In(0)
            : step.Reshape(step.In(0), e => new Shape(e.Inputs[0].Shape[0], groups, ((Normalize)e.Operator!).Layout.Inner));
        string y = step.Node(
            "InstanceNormalization", [rows, step.Graph.Constant(Tensor.Ones(new Shape(groups), dtype)),
            step.Graph.Constant(Tensor.Zeros(new Shape(groups), dtype))], ("epsilon", norm.Epsilon));
        return areRows ? y : step.Reshape(y, e => e.Output.Shape, new Shape(step.Input(0).Shape[0], groups, norm.Layout.Inner));
    }

    private static string Composed(ExportStep step, string x, int[] axes, double epsilon, bool isCentered, string? weight, string? bias)
    {
        string along = step.Graph.Longs([.. axes.Select(axis => (long)axis)]);
        if (isCentered) x = step.Node("Sub", [x, step.Node("ReduceMean", [x, along])]);
        string square = step.Node("ReduceMean", [step.Node("Mul", [x, x]), along]);
        string y = step.Node("Div", [x, step.Node("Sqrt", [step.Node("Add", [square, step.Number(epsilon)])])]);
        if (weight is not null) y = step.Node("Mul", [y, weight]);
        return bias is null ? y : step.Node("Add", [y, bias]);
    }
}

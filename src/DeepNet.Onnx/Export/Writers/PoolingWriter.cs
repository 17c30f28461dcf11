using DeepNet.Devices;

namespace DeepNet.Onnx;

/// <summary>Poolings of images.</summary>
internal static class PoolingWriter
{
    public static string? Max(ExportStep step, PoolGrid grid)
        => IsSliding(grid) ? OfImages(step, x => step.Node("MaxPool", [x], Attributes(grid, [])))
            : ByWindows(step, grid, "ReduceMax");

    public static string? Average(ExportStep step, PoolGrid grid)
    {
        if (grid.Rows.Output == 1 && grid.Columns.Output == 1 && IsWhole(grid.Rows) && IsWhole(grid.Columns))
            return step.Input(0).Rank == 4 ? step.Node("GlobalAveragePool", step.Ins)
                : step.Node("ReduceMean", [step.In(0), step.Graph.Longs(-2, -1)]);
        bool counts = grid.Rows.CountsPadding || grid.Columns.CountsPadding;
        return IsSliding(grid) ? OfImages(step, x => step.Node("AveragePool", [x], Attributes(grid, [("count_include_pad", counts)])))
            : ByWindows(step, grid, "ReduceMean");
    }

    private static bool IsWhole(PoolAxis axis) => axis.From[0] == 0 && axis.End[0] == axis.Input && axis.Extent[0] == axis.Input;

    private static bool IsSliding(PoolGrid grid) => IsSliding(grid.Rows) && IsSliding(grid.Columns);

    private static bool IsSliding(PoolAxis axis) => axis.Stride > 0 || IsUntouched(axis);

    private static bool IsUntouched(PoolAxis axis) => axis.Input == axis.Output
        && axis.From.Select((from, i) => from == i && axis.End[i] == i + 1).All(is1 => is1);

    private static (int Kernel, int Stride, int Dilation, int Before, int After) Of(PoolAxis axis)
    {
        if (axis.Stride == 0) return (1, 1, 1, 0, 0);
        int end = (axis.Output - 1) * axis.Stride + axis.Reach - axis.Padding - axis.Input;
        return ((axis.Reach - 1) / axis.Step + 1, axis.Stride, axis.Step, axis.Padding, Math.Max(Math.Min(end, axis.Padding), 0));
    }

    private static (string, object)[] Attributes(PoolGrid grid, (string, object)[] more)
    {
        var (rows, columns) = (Of(grid.Rows), Of(grid.Columns));
        bool isOpen = IsOpen(grid.Rows) || IsOpen(grid.Columns);
        var attributes = new List<(string, object)>
        {
            ("kernel_shape", new[] { rows.Kernel, columns.Kernel }), ("strides", new[] { rows.Stride, columns.Stride }),
            ("pads", new[] { rows.Before, columns.Before, rows.After, columns.After }),
        };
        if (rows.Dilation != 1 || columns.Dilation != 1) attributes.Add(("dilations", new[] { rows.Dilation, columns.Dilation }));
        if (isOpen) attributes.Add(("ceil_mode", 1));
        return [.. attributes, .. more];
    }

    // The last window reaches beyond what is added at the end.
    private static bool IsOpen(PoolAxis axis)
        => axis.Stride > 0 && (axis.Output - 1) * axis.Stride + axis.Reach - axis.Padding - axis.Input > axis.Padding;

    // Operators of the standard take images with two leading axes.
    private static string OfImages(ExportStep step, Func<string, string> pool)
    {
        var shape = step.Input(0).Shape;
        if (shape.Rank == 4) return pool(step.In(0));
        string y = pool(step.Node("Reshape", [step.In(0), step.Graph.Longs(-1, 1, shape[^2], shape[^1])]));
        return step.Node("Reshape", [y, step.Shape(e => e.Output.Shape)]);
    }

    // Windows of unequal sizes: each row and column of the result from its own part.
    private static string ByWindows(ExportStep step, PoolGrid grid, string reduce)
    {
        string y = Along(step, step.In(0), grid.Rows, -2, reduce);
        return Along(step, y, grid.Columns, -1, reduce);
    }

    private static string Along(ExportStep step, string x, PoolAxis axis, int along, string reduce)
    {
        if (IsUntouched(axis)) return x;
        var parts = new string[axis.Output];
        for (int i = 0; i < parts.Length; i++)
        {
            string part = step.Node(
                "Slice", [x, step.Graph.Longs(axis.From[i]), step.Graph.Longs(axis.End[i]), step.Graph.Longs(along)]);
            parts[i] = step.Node(reduce, [part, step.Graph.Longs(along)]);
        }
        return parts.Length == 1 ? parts[0] : step.Node("Concat", parts, ("axis", along));
    }
}

using DeepNet.Ops;
using DeepNet.Tracing;

namespace DeepNet.Onnx;

/// <summary>Operators along axes: sums, extremes, softmax.</summary>
internal static class ReductionWriter
{
    public static string? Write(ExportStep step)
    {
        var e = step.Event;
        switch (e.Operator)
        {
            case Reduced sum:
                string x = e.Inputs[0].DType == DType.Bool ? step.Cast(step.In(0), DType.Int64) : step.In(0);
                string name = Reduce(step, "ReduceSum", x, sum.Mask, sum.KeepsAxes);
                double[] counts = [.. step.Events.Select(at => (double)Reduction.Length(at.Inputs[0].Shape, sum.Mask))];
                step.Context.Sums[name] = (x, step.Graph.Longs(Axes(sum.Mask, step.Input(0).Rank)), sum.KeepsAxes, counts);
                return name;
            case ISumOf sum:
                return Reduce(step, "ReduceSum", step.Formula(sum.Formula, e.Inputs[0].DType, step.In(0)), sum.Mask, sum.KeepsAxes);
            case Extreme extreme:
                return Reduce(step, extreme.IsLargest ? "ReduceMax" : "ReduceMin", step.In(0), extreme.Mask, extreme.KeepsAxes);
            case Prod prod:
                return Reduce(step, "ReduceProd", step.In(0), prod.Mask, prod.KeepsAxes);
            case LogSumExp sum:
                return Reduce(step, "ReduceLogSumExp", step.In(0), sum.Mask, sum.KeepsAxes);
            case Softmax softmax:
                return step.Node("Softmax", step.Ins, ("axis", Axis(softmax.Mask)));
            case LogSoftmax softmax:
                return step.Node("LogSoftmax", step.Ins, ("axis", Axis(softmax.Mask)));
            case SortedPlaces sorted:
                return Sorted(step, sorted);
            case Variance variance:
                return Variance(step, variance);
            case Entropy entropy:
                return Entropy(step, entropy);
            case Recurrence sum when e.Name == "cum_sum":
                return step.Node(
                    "CumSum", [step.In(0), step.Graph.Constant(Tensor.FromScalar(sum.Along, DType.Int64))], ("reverse", sum.IsReverse));
            default:
                return null;
        }
    }

    private static int Axis(uint mask) => System.Numerics.BitOperations.Log2(mask);

    private static long[] Axes(uint mask, int rank)
        => [.. Enumerable.Range(0, rank).Where(axis => (mask >> axis & 1) != 0).Select(axis => (long)axis)];

    private static string Reduce(ExportStep step, string op, string x, uint mask, bool keepsAxes)
    {
        long[] axes = Axes(mask, step.Input(0).Rank);
        return axes.Length == 0 ? x : step.Node(op, [x, step.Graph.Longs(axes)], ("keepdims", keepsAxes));
    }

    private static string Sorted(ExportStep step, SortedPlaces sorted)
    {
        if (sorted.Count == 1) return step.Node(sorted.IsDescending ? "ArgMax" : "ArgMin", step.Ins, ("axis", -1));
        var count = step.Context.Find(step.Events, e => ((SortedPlaces)e.Operator!).Count)
            ?? throw ExportContext.Error(step.Event, "sorts a number of elements that is no product of lengths");
        string[] inputs = [step.In(0), step.Context.Length(count)];
        return step.Graph.Nodes("TopK", 2, inputs, ("axis", -1), ("largest", sorted.IsDescending))[1];
    }

    private static string Variance(ExportStep step, Variance variance)
    {
        string x = step.In(0), axes = step.Graph.Longs(Axes(variance.Mask, step.Input(0).Rank));
        string centered = step.Node("Sub", [x, step.Node("ReduceMean", [x, axes])]);
        string sum = step.Node("ReduceSum", [step.Node("Mul", [centered, centered]), axes], ("keepdims", variance.KeepsAxes));
        var divisor = step.Context.Find(step.Events, e => ((Variance)e.Operator!).Divisor)
            ?? throw ExportContext.Error(step.Event, "divides by a number that depends on an open axis; a correction of 0 can be written");
        return step.Node("Div", [sum, step.Context.Number(divisor, step.Output.DType)]);
    }

    // Nothing of 0 has the logarithm of 1.
    private static string Entropy(ExportStep step, Entropy entropy)
    {
        string x = step.In(0), axes = step.Graph.Longs(Axes(entropy.Mask, step.Input(0).Rank));
        string safe = step.Node("Where", [step.Node("Equal", [x, step.Number(0)]), step.Number(1), x]);
        string terms = step.Node("Mul", [x, step.Node("Log", [safe])]);
        return step.Node("Neg", [step.Node("ReduceSum", [terms, axes], ("keepdims", entropy.KeepsAxes))]);
    }
}

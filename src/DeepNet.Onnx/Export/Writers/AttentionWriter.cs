using DeepNet.Ops;
using DeepNet.Tracing;

namespace DeepNet.Onnx;

/// <summary>Attention and rotary positions, written out.</summary>
internal static class AttentionWriter
{
    public static string Write(ExportStep step, FusedAttention attention)
    {
        var dtype = step.Output.DType;
        string q, k, v;
        if (attention.IsPacked)
        {
            string Part(int i) => step.Node("Gather", [step.In(0), step.Graph.Constant(Tensor.FromScalar(i, DType.Int64))], ("axis", 0));
            (q, k, v) = (Part(0), Part(1), Part(2));
        }
        else
        {
            (q, k, v) = (step.In(0), step.In(1), step.In(2));
            int heads = step.Input(0).Shape[1], shared = step.Input(1).Shape[1];
            if (heads != shared) (k, v) = (Repeat(step, k, 1), Repeat(step, v, 2));
        }
        if (attention.Rule.Scale != 1) q = step.Node("Mul", [q, step.Number(attention.Rule.Scale)]);
        string scores = step.Node("MatMul", [q, step.Context.Transposed(k, [0, 1, 3, 2])]);
        var rule = attention.Rule;
        if (rule.HasSlopes) scores = step.Node("Add", [scores, Slopes(step, rule, dtype)]);
        string Mask(Func<OperatorEvent, Tensor> of) => step.Context.Unexpanded(step.Held(of));
        if (attention.Masks.Added is not null)
            scores = step.Node("Add", [scores, Mask(e => ((FusedAttention)e.Operator!).Masks.Added!)]);
        string? hidden = attention.Masks.Hidden is null ? null : Mask(e => ((FusedAttention)e.Operator!).Masks.Hidden!);
        if (rule.IsCausal)
        {
            string distance = Distances(step, rule), later = step.Node("Less", [distance, step.Number(0, DType.Int64)]);
            if (rule.Window > 0)
                later = step.Node("Or", [later, step.Node("GreaterOrEqual", [distance, step.Number(rule.Window, DType.Int64)])]);
            hidden = hidden is null ? later : step.Node("Or", [hidden, later]);
        }
        if (hidden is not null) scores = step.Node("Where", [hidden, step.Number(double.NegativeInfinity), scores]);
        string weights = step.Node("Softmax", [scores], ("axis", -1));
        // A query that sees nothing gives zeros.
        if (attention.Masks.Hidden is not null || attention.Masks.Added is not null)
            weights = step.Node("Where", [step.Node("IsNaN", [weights]), step.Number(0), weights]);
        return step.Node("MatMul", [weights, v]);
    }

    // Several heads of queries share one of keys and values.
    private static string Repeat(ExportStep step, string x, int input)
    {
        int heads = step.Input(0).Shape[1];
        string wide = step.Node("Unsqueeze", [x, step.Graph.Longs(2)]);
        wide = step.Node("Expand", [wide, step.Shape(e =>
        {
            var (batch, shared, steps, width) = e.Inputs[input].Shape;
            return new Shape(batch, shared, heads / shared, steps, width);
        })]);
        return step.Reshape(wide, e =>
        {
            var shape = e.Inputs[input].Shape;
            return new Shape(shape[0], heads, shape[2], shape[3]);
        });
    }

    // The place of each query less that of each key.
    private static string Distances(ExportStep step, Devices.AttentionRule rule)
    {
        string Places(Func<OperatorEvent, double> count, double from)
        {
            var number = step.Context.Find(step.Events, count)
                ?? throw ExportContext.Error(step.Event, "has a number of steps that depends on an open axis in a way that is no product");
            string end = step.Context.Number(number, DType.Int64);
            string places = step.Node("Range", [step.Number(0, DType.Int64), end, step.Number(1, DType.Int64)]);
            return from == 0 ? places : step.Node("Add", [places, step.Number(from, DType.Int64)]);
        }
        bool isPacked = ((FusedAttention)step.Event.Operator!).IsPacked;
        string queries = Places(e => e.Output.Shape[2], rule.Offset);
        string keys = Places(e => isPacked ? e.Inputs[0].Shape[3] : e.Inputs[1].Shape[2], 0);
        return step.Node("Sub", [step.Node("Unsqueeze", [queries, step.Graph.Longs(1)]), keys]);
    }

    private static string Slopes(ExportStep step, Devices.AttentionRule rule, DType dtype)
    {
        int heads = step.Output.Shape[1];
        double[] slopes = [.. Enumerable.Range(0, heads).Select(head => -Devices.AttentionRule.Slope(head, heads))];
        string distances = step.Cast(step.Node("Abs", [Distances(step, rule)]), dtype);
        return step.Node("Mul", [distances, step.Graph.Constant(Tensor.From<double>(slopes, new Shape(heads, 1, 1)).To(dtype))]);
    }

    public static string Rotate(ExportStep step, Rotation rotation)
    {
        string x = step.In(0);
        string cos = step.Held(e => ((Rotation)e.Operator!).Tables.Cos), sin = step.Held(e => ((Rotation)e.Operator!).Tables.Sin);
        (cos, sin) = (step.Node("Unsqueeze", [cos, step.Graph.Longs(1)]), step.Node("Unsqueeze", [sin, step.Graph.Longs(1)]));
        if (rotation.IsBackwards) sin = step.Node("Neg", [sin]);
        int features = step.Input(0).Shape[3], half = features / 2;
        string Part(int second) => rotation.IsInterleaved
            ? step.Node("Slice", [x, step.Graph.Longs(second), step.Graph.Longs(long.MaxValue), step.Graph.Longs(3), step.Graph.Longs(2)])
            : step.Node("Slice", [x, step.Graph.Longs(second * half), step.Graph.Longs((second + 1) * half), step.Graph.Longs(3)]);
        string a = Part(0), b = Part(1);
        string first = step.Node("Sub", [step.Node("Mul", [a, cos]), step.Node("Mul", [b, sin])]);
        string other = step.Node("Add", [step.Node("Mul", [b, cos]), step.Node("Mul", [a, sin])]);
        if (!rotation.IsInterleaved) return step.Node("Concat", [first, other], ("axis", 3));
        string[] pairs = [step.Node("Unsqueeze", [first, step.Graph.Longs(4)]), step.Node("Unsqueeze", [other, step.Graph.Longs(4)])];
        string shape = step.Node("Shape", [x]);
        return step.Node("Reshape", [step.Node("Concat", pairs, ("axis", 4)), shape]);
    }
}

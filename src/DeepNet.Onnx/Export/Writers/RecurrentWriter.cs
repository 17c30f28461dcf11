using DeepNet.Ops;

namespace DeepNet.Onnx;

/// <summary>Recurrent cells over sequences.</summary>
internal static class RecurrentWriter
{
    public static string? Write(ExportStep step, IFusedSequence sequence)
    {
        var (op, order, hasMemory) = sequence.Cell == typeof(LstmCell) ? ("LSTM", new[] { 0, 3, 1, 2 }, true)
            : sequence.Cell == typeof(GruCell) ? ("GRU", new[] { 1, 0, 2 }, false) : ("", [], false);
        if (op.Length == 0) return null;
        int weights = hasMemory ? 3 : 2, units = step.Input(1).Shape[1];
        string First(string name) => step.Node("Unsqueeze", [name, step.Graph.Longs(0)]);
        string Ordered(int input)
        {
            string[] parts = step.Graph.Nodes(
                "Split", order.Length, [step.In(input), step.Graph.Longs([.. order.Select(_ => (long)units)])], ("axis", 0));
            return step.Node("Concat", [.. order.Select(gate => parts[gate])], ("axis", 0));
        }
        string bias = step.Event.Inputs.Length > weights + 2
            ? First(step.Node("Concat", [Ordered(weights + 2), Ordered(weights + 3)], ("axis", 0))) : "";
        string[] inputs = [step.In(0), First(Ordered(weights)), First(Ordered(weights + 1)), bias, "", First(step.In(1))];
        if (hasMemory) inputs = [.. inputs, First(step.In(2))];
        (string, object)[] attributes = [("hidden_size", units), ("direction", sequence.IsReverse ? "reverse" : "forward")];
        if (!hasMemory) attributes = [.. attributes, ("linear_before_reset", 1)];
        string[] results = step.Graph.Nodes(op, hasMemory ? 3 : 2, inputs, attributes);
        string y = step.Node("Squeeze", [results[0], step.Graph.Longs(1)]);
        return hasMemory ? step.Node("Concat", [y, results[2]], ("axis", 0)) : y;
    }
}

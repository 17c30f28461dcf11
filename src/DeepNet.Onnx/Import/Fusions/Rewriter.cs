namespace DeepNet.Onnx;

/// <summary>
/// A plan and who makes and reads each of its values, for patterns of operators that one kernel computes. A pattern is replaced only if
/// nobody else reads what lies between its operators.
/// </summary>
internal sealed class Rewriter
{
    private readonly Plan plan;
    private readonly Tensor?[] constants;
    private readonly Dictionary<int, Step> makers = [];
    private readonly Dictionary<int, List<Step>> readers = [];
    private readonly HashSet<int> shown;

    public Rewriter(Plan plan, Tensor?[] constants)
    {
        (this.plan, this.constants) = (plan, constants);
        // What graphs inside read, and what comes out, has to be there.
        shown = [.. plan.Outputs, .. plan.Steps.SelectMany(step => step.Graphs.Values)
            .SelectMany(graph => graph.All.SelectMany(step => step.Inputs).Concat(graph.Outputs))];
        foreach (var step in plan.Steps)
        {
            foreach (int place in step.Outputs) if (place >= 0) makers[place] = step;
            foreach (int place in step.Inputs)
                if (place >= 0) (readers.TryGetValue(place, out var list) ? list : readers[place] = []).Add(step);
        }
    }

    public IReadOnlyList<Step> Steps => plan.Steps;

    /// <summary>Gets the step that makes an input, if it is one of the given operator and nobody else reads it.</summary>
    public Step? Maker(Step step, int input, params ReadOnlySpan<string> ops)
        => input < step.Inputs.Length && makers.TryGetValue(step.Inputs[input], out var maker) && ops.Contains(maker.Name) ? maker : null;

    /// <summary>The same of a value that only this step reads.</summary>
    public Step? OnlyFor(Step step, int input, params ReadOnlySpan<string> ops)
        => Maker(step, input, ops) is { } maker && IsOnlyReader(step.Inputs[input]) ? maker : null;

    /// <summary>Gets the only reader of a step's only result; null if there are several, or the result is seen outside.</summary>
    public Step? Reader(Step step, params ReadOnlySpan<string> ops)
    {
        if (step.Outputs.Length == 0 || step.Outputs[0] < 0
            || step.Outputs.Skip(1).Any(place => place >= 0 && readers.ContainsKey(place))) return null;
        return IsOnlyReader(step.Outputs[0]) && ops.Contains(readers[step.Outputs[0]][0].Name) ? readers[step.Outputs[0]][0] : null;
    }

    private bool IsOnlyReader(int place) => !shown.Contains(place) && readers.TryGetValue(place, out var list) && list.Count == 1;

    /// <summary>Gets the number of steps that read a place; the largest number if it is seen outside.</summary>
    public int Readers(int place) => shown.Contains(place) ? int.MaxValue : readers.GetValueOrDefault(place)?.Count ?? 0;

    /// <summary>Gets the number that an input is; null if it is none, or more than one.</summary>
    public double? Number(Step step, int input)
        => input < step.Inputs.Length && step.Inputs[input] >= 0 && constants[step.Inputs[input]] is { Count: 1 } constant
            && (constant.DType.IsFloating() || constant.DType == DType.Int64) ? constant.ToArray<double>()[0] : null;

    public Tensor? Constant(int place) => place < 0 ? null : constants[place];

    /// <summary>Gets the input of a step of two that is not the given one.</summary>
    public static int Other(Step step, int place) => step.Inputs[0] == place ? 1 : 0;

    /// <summary>Puts a step in the place of the last of some, which are removed.</summary>
    public void Replace(Step last, IReadOnlyCollection<Step> removed, string title, OperatorBody body, params int[] inputs)
    {
        var node = new NodeProto { OpType = title, Name = last.Node.Name, Outputs = last.Node.Outputs, Attributes = last.Node.Attributes };
        var fused = new Step(node, body, last.Version, inputs, [last.Outputs[0]], new Dictionary<string, Plan>());
        plan.Steps[plan.Steps.IndexOf(last)] = fused;
        foreach (var step in removed) if (step != last) plan.Steps.Remove(step);
        makers[last.Outputs[0]] = fused;
        foreach (var step in removed.Append(last))
            foreach (int place in step.Inputs)
                if (place >= 0) readers[place].Remove(step);
        foreach (int place in inputs) if (place >= 0) (readers.TryGetValue(place, out var list) ? list : readers[place] = []).Add(fused);
    }
}

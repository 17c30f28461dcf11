using DeepNet.Tracing;

namespace DeepNet.Onnx;

/// <summary>An operator that a model applied, and those that it is made of.</summary>
internal sealed record TracedStep(OperatorEvent Event, TracedStep[] Parts);

/// <summary>Records what a model applies, as a tree.</summary>
internal sealed class TraceRecorder : Recorder
{
    private readonly List<List<TracedStep>> open = [[]];

    public IReadOnlyList<TracedStep> Steps => open[0];

    // An operator is told of after those that it is made of, which lie one deeper.
    public override void Applied(OperatorEvent step)
    {
        while (open.Count <= step.Depth + 1) open.Add([]);
        TracedStep[] parts = [.. open[step.Depth + 1]];
        for (int i = step.Depth + 1; i < open.Count; i++) open[i].Clear();
        open[step.Depth].Add(new TracedStep(step, parts));
    }
}

/// <summary>One run of a model on inputs of certain lengths.</summary>
/// <param name="Inputs">The inputs.</param>
/// <param name="Outputs">The outputs.</param>
/// <param name="Steps">What was applied.</param>
internal sealed record Trace(Tensor[] Inputs, Tensor[] Outputs, IReadOnlyList<TracedStep> Steps);

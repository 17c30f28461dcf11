namespace DeepNet.Onnx;

/// <summary>Finds after which step nobody reads a value any more, so that its memory can be used again.</summary>
internal static class LastUses
{
    public static void Note(Plan plan)
    {
        var seen = new HashSet<int>(plan.Outputs);
        for (int i = plan.Steps.Count - 1; i >= 0; i--)
        {
            var step = plan.Steps[i];
            var last = new List<int>();
            foreach (int place in step.Graphs.Values.SelectMany(graph => graph.All).SelectMany(inner => inner.Inputs)
                .Concat(step.Graphs.Values.SelectMany(graph => graph.Outputs)).Concat(step.Inputs).Concat(step.Outputs))
                if (place >= 0 && seen.Add(place)) last.Add(place);
            step.LastUses = [.. last];
        }
    }
}

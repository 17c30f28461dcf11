namespace DeepNet.Onnx;

/// <summary>
/// The results of operators that read nothing but shapes and constants, for inputs of certain shapes: a second run of the same shapes need
/// not compute them.
/// </summary>
internal sealed class ShapeMemory(IReadOnlySet<Step> steps)
{
    private readonly Dictionary<Step, Tensor?[]> results = [];
    private volatile bool isComplete;

    /// <summary>Puts the results of a step into the frame; false if it has to be run.</summary>
    public bool TryGive(Step step, Tensor?[] frame, StorageUses? uses)
    {
        if (!isComplete || !results.TryGetValue(step, out var known)) return false;
        // They have a use more than those in the frame, which never ends.
        for (int i = 0; i < step.Outputs.Length; i++)
        {
            if (step.Outputs[i] < 0) continue;
            frame[step.Outputs[i]] = known[i];
            uses?.Add(known[i]);
            uses?.Add(known[i]);
        }
        return true;
    }

    /// <summary>Keeps the results of a step if they follow from shapes.</summary>
    public void Take(Step step, Tensor?[] frame, StorageUses? uses)
    {
        if (isComplete || !steps.Contains(step)) return;
        results[step] = [.. step.Outputs.Select(place => place < 0 ? null : Memory.Keep(frame[place]!))];
        // One use more, which never ends.
        foreach (var kept in results[step]) uses?.Add(kept);
    }

    /// <summary>Called when the run that filled it has ended; from here on it is read, also by several threads.</summary>
    public void Complete() => isComplete = true;
}

namespace DeepNet.Training;

/// <summary>The figures of a run, epoch by epoch. Saved with every checkpoint, so that a resumed run has them all.</summary>
public sealed partial class History
{
    private readonly List<EpochRecord> epochs = [];
    private readonly List<float> stepLosses = [];
    private readonly List<string> warnings = [];

    internal History() { }

    /// <summary>The epochs so far.</summary>
    public IReadOnlyList<EpochRecord> Epochs => epochs;

    /// <summary>The loss of every step so far.</summary>
    public IReadOnlyList<float> StepLosses => stepLosses;

    /// <summary>Gets the way in which the run ended.</summary>
    public TrainingEnd End { get; internal set; }

    /// <summary>Gets the reason for which it ended before its last epoch; null if it did not.</summary>
    public string? Reason { get; internal set; }

    /// <summary>Gets what went wrong without ending the run, such as a log that could not be written. Not saved with checkpoints.</summary>
    public IReadOnlyList<string> Warnings => warnings;

    /// <summary>The last epoch; null before the first one is done.</summary>
    public EpochRecord? Last => epochs.Count > 0 ? epochs[^1] : null;

    /// <summary>The names of all figures, in the order in which they first came.</summary>
    public IReadOnlyList<string> Names => [.. epochs.SelectMany(e => e.Values.Keys).Distinct()];

    /// <summary>A figure over the epochs, for a plot: <c>history["val_accuracy"]</c>. NaN where an epoch has none.</summary>
    /// <exception cref="KeyNotFoundException">No epoch has a figure of that name.</exception>
    public IReadOnlyList<double> this[string name]
    {
        get
        {
            if (epochs.Count > 0 && !epochs.Exists(e => e.Values.ContainsKey(name)))
                throw new KeyNotFoundException($"[history] there is no '{name}', only {string.Join(", ", Names)}.");
            return [.. epochs.Select(e => e[name])];
        }
    }

    /// <summary>The epoch with the best of a figure; null if none has it. Of equal ones the first, and a NaN is never best.</summary>
    public EpochRecord? Best(string name, bool higherIsBetter)
    {
        EpochRecord? best = null;
        foreach (var epoch in epochs)
        {
            double value = epoch[name];
            if (double.IsNaN(value)) continue;
            if (best is null || (higherIsBetter ? value > best[name] : value < best[name])) best = epoch;
        }
        return best;
    }

    internal void Add(EpochRecord epoch) => epochs.Add(epoch);

    internal void AddWarning(string warning) => warnings.Add(warning);

    internal void AddStep(double loss) => stepLosses.Add((float)loss);

    internal void Restore(IEnumerable<EpochRecord> savedEpochs, ReadOnlySpan<float> savedLosses)
    {
        epochs.Clear();
        epochs.AddRange(savedEpochs);
        stepLosses.Clear();
        stepLosses.AddRange(savedLosses);
        (End, Reason) = (TrainingEnd.Running, null);
    }
}

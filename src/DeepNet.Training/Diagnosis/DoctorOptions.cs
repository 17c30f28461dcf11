namespace DeepNet.Training;

/// <summary>
/// Represents what is known about a task besides the history of a run. Each figure lets <see cref="TrainingDoctor"/> tell more.
/// </summary>
public sealed record DoctorOptions
{
    /// <summary>
    /// Gets the training loss that would be good enough, such as that of a person or of the noise in the targets; null if unknown.
    /// </summary>
    public double? Goal { get; init; }

    /// <summary>Gets the training loss that a smaller model of the same kind reached; null if none was trained.</summary>
    public double? SmallerModelLoss { get; init; }

    /// <summary>Gets the training loss that a larger model of the same kind reached; null if none was trained.</summary>
    public double? LargerModelLoss { get; init; }

    /// <summary>
    /// Gets the loss on examples from the source of the training part that were not trained on; null if there are none. It tells
    /// over-fitting from a mismatch of sources.
    /// </summary>
    public double? HeldOutLoss { get; init; }

    /// <summary>Gets the measurements of a <see cref="ParameterMonitor"/>; empty if there was none.</summary>
    public IReadOnlyList<ParameterStatistic> Parameters { get; init; } = [];
}

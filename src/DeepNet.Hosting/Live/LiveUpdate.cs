using DeepNet.Training;

namespace DeepNet.Hosting.Live;

/// <summary>Represents news of a run: numbers that the training thread copied, and nobody changes any more.</summary>
internal sealed record LiveUpdate
{
    /// <summary>Gets the last step so far.</summary>
    public StepRecord? Step { get; init; }

    /// <summary>Gets new points, in order.</summary>
    public IReadOnlyList<LivePoint> Points { get; init; } = [];

    /// <summary>Gets the epochs that ended, in order.</summary>
    public IReadOnlyList<EpochRecord> Epochs { get; init; } = [];

    /// <summary>Gets samples of gradients and activations.</summary>
    public IReadOnlyList<LayerSample> Layers { get; init; } = [];

    /// <summary>Gets the examples that are shown from now on; null to leave them.</summary>
    public IReadOnlyList<LiveCard>? Cards { get; init; }

    /// <summary>Gets what limits the run; null if that was not looked at.</summary>
    public Diagnosis? Diagnosis { get; init; }

    /// <summary>Gets the way in which the run ended; <see cref="TrainingEnd.Running"/> if it goes on; null if nothing changed.</summary>
    public TrainingEnd? End { get; init; }

    /// <summary>Gets the reason of the end.</summary>
    public string? Reason { get; init; }

    /// <summary>Gets the epoch that the run is to reach; null if nothing changed.</summary>
    public int? EpochsToReach { get; init; }

    /// <summary>Gets the checkpoint that was saved last; null if nothing changed.</summary>
    public string? Saved { get; init; }
}

/// <summary>Represents numbers of a layer.</summary>
/// <param name="Kind">The kind of numbers: <c>gradient</c> or <c>activation</c>.</param>
/// <param name="Name">The parameter or the layer, by its path.</param>
/// <param name="Step">The step.</param>
/// <param name="Values">Some of the numbers.</param>
internal sealed record LayerSample(string Kind, string Name, long Step, float[] Values);

/// <summary>Represents a <see cref="LiveSample"/> with its image as the browser reads it.</summary>
internal sealed record LiveCard(string? Title, string Text, bool? IsRight, string? Image);

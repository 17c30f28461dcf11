using DeepNet.Data;

namespace DeepNet.Training.Running;

/// <summary>Represents the progress of a run: with weights, optimizer and random keys, all that is needed to go on.</summary>
internal sealed class RunState
{
    /// <summary>Steps taken.</summary>
    public long Step { get; set; }

    /// <summary>Epochs done.</summary>
    public int Epoch { get; set; }

    /// <summary>Batches of the present epoch that were learned from.</summary>
    public int Batch { get; set; }

    /// <summary>Seconds that the present epoch took before the run was resumed.</summary>
    public double Seconds { get; set; }

    /// <summary>The rate of the last step.</summary>
    public double LearningRate { get; set; }

    /// <summary>Gets or sets the position of the loader of a resumed run, and the shape of its batches; null in a new run.</summary>
    public SavedLoader? Loader { get; set; }

    /// <summary>Means over the present epoch.</summary>
    public Meters Meters { get; } = new();

    public History History { get; } = new();

    /// <summary>Gets the warnings that came before a run could show them.</summary>
    public Queue<string> PendingWarnings { get; } = new();

    /// <summary>Gets or sets whether the run was resumed and has not gone on since: it may be whole, which is no mistake then.</summary>
    public bool IsResumed { get; set; }
}

/// <summary>Represents what an epoch that is resumed must have in common with the one that was interrupted.</summary>
internal readonly record struct SavedLoader(ulong Seed, int Batches, int BatchSize)
{
    public static SavedLoader Of(ILoader loader) => new(loader.State.Seed, loader.Batches ?? 0, loader.BatchSize);
}

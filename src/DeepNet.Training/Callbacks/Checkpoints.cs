using System.Diagnostics;
using DeepNet.IO;
using DeepNet.Training.Running;

namespace DeepNet.Training;

/// <summary>
/// Saves the run into a folder: after each epoch, and when it is interrupted; more often if asked. The last few files and the best one are
/// kept. <see cref="Trainer.Resume"/> goes on from the folder.
/// </summary>
/// <remarks>
/// A new run begins the folder anew: once its first file is written, those of the run before move to the folder <c>previous</c> inside, in
/// the place of those of the run before that. A resumed run adds to the folder.
/// </remarks>
/// <example><code>
/// Callbacks = [new Checkpoints("runs/mnist") { EveryTime = TimeSpan.FromMinutes(10) }]
/// …
/// if (trainer.Resume("runs/mnist")) Console.WriteLine($"going on after step {trainer.Step}");
/// trainer.Fit(train, validation, epochs: 20);
/// </code></example>
public sealed class Checkpoints : Callback
{
    private const string Previous = "previous", FirstNumber = "first";

    private readonly string folder;
    private readonly MonitoredFigure monitor;
    private readonly Stopwatch sinceSave = new();
    private CheckpointFolder? files;
    private long savedStep;
    private int savedEpoch;
    private bool isNew, isRequested;
    private long first;                     // the number of the run's first file in the folder

    /// <summary>Names the folder, which the first save makes.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="monitor">The figure by which a checkpoint is the best, such as <c>val_accuracy</c>; the validation loss, or the loss
    /// where there is no validation, if null.</param>
    /// <param name="higherIsBetter">True if a higher figure is better; by default as the metric of that name says, and false for everything
    /// else.</param>
    public Checkpoints(string folder, string? monitor = null, bool? higherIsBetter = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(folder);
        this.folder = folder;
        this.monitor = new MonitoredFigure(monitor, higherIsBetter);
    }

    /// <summary>Gets the number of latest files to keep, besides the best one.</summary>
    public int Keep { get; init; } = 2;

    /// <summary>After how many epochs to save; 0 for never.</summary>
    public int EveryEpochs { get; init; } = 1;

    /// <summary>After how many steps to save, within epochs too; 0 for never.</summary>
    public long EverySteps { get; init; }

    /// <summary>After how much time to save, within epochs too; null for never.</summary>
    public TimeSpan? EveryTime { get; init; }

    /// <summary>
    /// Gets the sentence that tells whoever interrupted the run how to go on; a sentence in terms of <see cref="Trainer.Resume"/> if null.
    /// </summary>
    public string? ResumeHint { get; init; }

    /// <summary>The folder.</summary>
    public string Folder => folder;

    /// <summary>The file saved last; null if there is none.</summary>
    public string? Last => files?.Latest;

    /// <summary>The file of the best epoch; null if there is none.</summary>
    public string? Best => files?.Best;

    /// <summary>
    /// Asks for a file after the present step; where several processes train together, after the present epoch. May be called on any
    /// thread.
    /// </summary>
    public void Request() => Volatile.Write(ref isRequested, true);

    /// <inheritdoc/>
    protected internal override int Order => 1000;      // what others learned from the same event is saved too

    /// <inheritdoc/>
    protected internal override void OnFitStart(Trainer trainer)
    {
        ArgumentNullException.ThrowIfNull(trainer);
        (savedStep, savedEpoch) = (trainer.Step, trainer.Epoch);
        sinceSave.Restart();
        if (!trainer.IsMain) return;
        files = new CheckpointFolder(folder, Keep, monitor.IsHigherBetter(trainer));
        isNew = trainer.Step == 0;
        if (isNew) first = files.NextNumber;
        else if (files.NextNumber <= first) first = 0;         // the run comes from another folder, and adds to this one
        else files.MoveBefore(first, Path.Combine(folder, Previous), replace: false);   // where a kill came between the first file and this
    }

    /// <inheritdoc/>
    protected internal override void Save(CallbackState state)
    {
        ArgumentNullException.ThrowIfNull(state);
        state.Put(FirstNumber, first);
    }

    /// <inheritdoc/>
    protected internal override void Load(CallbackState state)
    {
        ArgumentNullException.ThrowIfNull(state);
        first = state.Count(FirstNumber, long.MaxValue);
    }

    /// <inheritdoc/>
    protected internal override void OnStepEnd(Trainer trainer, in StepRecord step)
    {
        ArgumentNullException.ThrowIfNull(trainer);
        if (step.Batch == step.Batches) return;         // the epoch's end follows, and knows more
        bool isDue = (EverySteps > 0 && step.Step % EverySteps == 0) || IsTime(trainer)
            || (trainer.Strategy is null && Volatile.Read(ref isRequested));
        if (isDue) Save(trainer, null);
    }

    /// <inheritdoc/>
    protected internal override void OnEpochEnd(Trainer trainer, EpochRecord epoch)
    {
        ArgumentNullException.ThrowIfNull(trainer);
        ArgumentNullException.ThrowIfNull(epoch);
        bool isDue = (EveryEpochs > 0 && epoch.Epoch % EveryEpochs == 0) || epoch.Epoch == trainer.Epochs
            || IsTime(trainer) || Agree(trainer, Volatile.Read(ref isRequested));
        if (isDue) Save(trainer, monitor.In(trainer, epoch));
    }

    /// <inheritdoc/>
    protected internal override void OnFitEnd(Trainer trainer)
    {
        ArgumentNullException.ThrowIfNull(trainer);
        if (trainer.History.End == TrainingEnd.Failed) return;          // what is there may be what failed
        bool isBehind = savedStep != trainer.Step || savedEpoch != trainer.Epoch;
        if (isBehind) Save(trainer, null);
        if (trainer.History.End != TrainingEnd.Interrupted) return;
        if (trainer.Step == 0) trainer.Say("no step was taken yet, so there is nothing to save");
        else if (Last is { } last)
            trainer.Say(
                $"saved {Path.GetRelativePath(Environment.CurrentDirectory, last)}; "
                    + $"{ResumeHint ?? $"to go on: trainer.Resume(\"{folder}\") before Fit"}");
    }

    private bool IsTime(Trainer trainer) => EveryTime is { } time && Agree(trainer, sinceSave.Elapsed >= time);

    // The first process decides, where several must save together.
    private static bool Agree(Trainer trainer, bool isDue) => trainer.Strategy?.Decide(isDue) ?? isDue;

    private void Save(Trainer trainer, double? measure)
    {
        Volatile.Write(ref isRequested, false);         // before the snapshot: who asks now gets the next one
        var snapshot = trainer.Snapshot();
        if (trainer.IsMain) Write(trainer, snapshot, measure);
        (savedStep, savedEpoch) = (trainer.Step, trainer.Epoch);
        sinceSave.Restart();
    }

    private void Write(Trainer trainer, Checkpoint snapshot, double? measure)
    {
        files!.Write(snapshot, measure);
        string previous = Path.Combine(folder, Previous);
        if (isNew && files.MoveBefore(first, previous, replace: true)) trainer.Say($"the checkpoints of the run before are in {previous}");
        isNew = false;
        files.Prune();
    }
}

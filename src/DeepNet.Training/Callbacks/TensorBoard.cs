using DeepNet.Training.Logs;

namespace DeepNet.Training;

/// <summary>
/// Writes what happens in a run for TensorBoard: the loss, the learning rate and the norm of gradients every few steps, all figures of each
/// epoch for training and validation, and the spread of weights and gradients if asked for.
/// </summary>
/// <remarks>
/// A run that is resumed goes on in the same folder, and what was written after its checkpoint counts no more; after what a new run writes,
/// nothing of the run before does. Watch with <c>tensorboard --logdir runs</c>. What a checkpoint stands behind is on the disk before it. A
/// file that cannot be written when the run begins is an
/// error; one that cannot later, as on a full disk, is in <see cref="History.Warnings"/>, and its events are tried again.
/// </remarks>
public sealed class TensorBoard : Callback, IDisposable
{
    private readonly string folder;
    private readonly LogTrouble trouble = new();
    private EventFileWriter? writer;

    /// <summary>Names the folder of the run.</summary>
    public TensorBoard(string folder)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(folder);
        this.folder = folder;
    }

    /// <inheritdoc/>
    public override string Name => $"TensorBoard:{Path.GetFileName(Path.TrimEndingDirectorySeparator(folder))}";

    /// <summary>After how many steps to write the loss; 0 for epochs only.</summary>
    public int EverySteps { get; init; } = 20;

    /// <summary>After how many steps to write how weights and gradients are spread; 0 for never.</summary>
    public int HistogramsEvery { get; init; }

    /// <summary>Gets the clock that dates the events; the system's if null.</summary>
    public TimeProvider? Clock { get; init; }

    /// <summary>The writer of the present run, for images, texts and figures of one's own; null outside of a run.</summary>
    public EventFileWriter? Writer => writer;

    /// <inheritdoc/>
    protected internal override bool IsForMain => true;

    /// <inheritdoc/>
    protected internal override void OnFitStart(Trainer trainer)
    {
        ArgumentNullException.ThrowIfNull(trainer);
        ArgumentOutOfRangeException.ThrowIfNegative(EverySteps);
        ArgumentOutOfRangeException.ThrowIfNegative(HistogramsEvery);
        writer?.Dispose();
        trouble.Reset();
        writer = new EventFileWriter(folder, Clock, write => trouble.Try(trainer, write));
        if (writer.Follows) writer.Restart(trainer.Step > 0 ? trainer.Step + 1 : 0);
        if (trainer.Step > 0) return;
        string optimizer = trainer.Optimizer.GetType().Name;
        writer.Text("run", $"`{trainer.Model}` with {trainer.Model.ParameterCount} parameters, trained by `{optimizer}`", 0);
    }

    /// <inheritdoc/>
    protected internal override void OnGradients(Trainer trainer)
    {
        ArgumentNullException.ThrowIfNull(trainer);
        long step = trainer.Step + 1;
        if (HistogramsEvery == 0 || step % HistogramsEvery != 0) return;
        foreach (var (name, parameter) in trainer.Model.NamedParameters())
        {
            string tag = name.Replace('.', '/');
            writer!.Histogram($"weights/{tag}", parameter.Value, step);
            if (parameter.PeekValues() is { } gradient) writer.Histogram($"gradients/{tag}", gradient, step);
        }
    }

    /// <inheritdoc/>
    protected internal override void OnStepEnd(Trainer trainer, in StepRecord step)
    {
        if (EverySteps == 0 || step.Step % EverySteps != 0) return;
        writer!.Scalar("step/loss", step.Loss, step.Step);
        writer.Scalar("step/learning_rate", step.LearningRate, step.Step);
        if (!double.IsNaN(step.GradientNorm)) writer.Scalar("step/gradient_norm", step.GradientNorm, step.Step);
    }

    /// <inheritdoc/>
    protected internal override void OnEpochEnd(Trainer trainer, EpochRecord epoch)
    {
        ArgumentNullException.ThrowIfNull(epoch);
        const string Prefix = EpochRecord.ValidationPrefix;
        foreach (var (name, value) in epoch.Values)
        {
            bool isValidation = name.StartsWith(Prefix, StringComparison.Ordinal);
            writer!.Scalar(isValidation ? $"validation/{name[Prefix.Length..]}" : $"train/{name}", value, epoch.Step);
        }
        writer!.Scalar("epoch/number", epoch.Epoch, epoch.Step);
        writer.Scalar("epoch/seconds", epoch.Seconds, epoch.Step);
        writer.Flush();
    }

    /// <inheritdoc/>
    protected internal override void OnFitEnd(Trainer trainer)
    {
        ArgumentNullException.ThrowIfNull(trainer);
        if (trainer.History.Reason is { } reason) writer?.Text("end", $"{trainer.History.End}: {reason}", trainer.Step);
        Dispose();
    }

    /// <summary>Nothing is kept: the events that the checkpoint counts on are put on the disk before it.</summary>
    protected internal override void Save(CallbackState state) => writer?.Sync();

    /// <summary>Ends the file of a run that did not come to its end; after <see cref="Trainer.Fit"/> there is nothing left to do.</summary>
    public void Dispose()
    {
        writer?.Dispose();
        writer = null;
    }
}

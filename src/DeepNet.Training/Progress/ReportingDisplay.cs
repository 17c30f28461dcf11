using System.Diagnostics;

namespace DeepNet.Training;

/// <summary>A display that reports the progress to an application too.</summary>
internal sealed class ReportingDisplay(Display inner, Trainer trainer, IProgress<TrainingProgress> progress) : Display
{
    // A user interface draws no more often, and its queue is not to fill.
    private static readonly TimeSpan BetweenReports = TimeSpan.FromMilliseconds(50);

    private readonly Stopwatch run = new();
    private TimeSpan last = -BetweenReports;

    /// <inheritdoc/>
    public override void Begin(Trainer trainer)
    {
        run.Start();
        inner.Begin(trainer);
    }

    /// <inheritdoc/>
    public override void Epoch(Trainer trainer, int number, Action body) => inner.Epoch(trainer, number, body);

    /// <inheritdoc/>
    public override void Step(in StepRecord step, double loss)
    {
        inner.Step(step, loss);
        if (run.Elapsed - last < BetweenReports) return;
        last = run.Elapsed;
        progress.Report(
            new(step.Step, step.Epoch, trainer.Epochs, step.Batch, step.Batches, loss, step.LearningRate, run.Elapsed));
    }

    /// <inheritdoc/>
    public override void Work(string title, int steps, Action<Action<int, string>> body) => inner.Work(title, steps, body);

    /// <inheritdoc/>
    public override void Validated(int done, int of) => inner.Validated(done, of);

    /// <inheritdoc/>
    public override void EpochEnded(Trainer trainer, EpochRecord epoch)
    {
        inner.EpochEnded(trainer, epoch);
        int batches = trainer.Train!.Batches ?? 0;
        progress.Report(new(epoch.Step, epoch.Epoch, trainer.Epochs, batches, batches, epoch["loss"], epoch.LearningRate, run.Elapsed)
        {
            Ended = epoch,
        });
    }

    /// <inheritdoc/>
    public override void End(Trainer trainer) => inner.End(trainer);

    /// <inheritdoc/>
    public override void Say(string message) => inner.Say(message);
}

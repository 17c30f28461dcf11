using System.Diagnostics;
using System.Globalization;
using DeepNet.IO;

namespace DeepNet.Training;

/// <summary>Plain short lines, for pipes and files: one for each epoch, and one every ten seconds within long epochs.</summary>
internal class LinesDisplay(TextWriter output) : Display
{
    private const int ShownAlways = 20;             // epochs; of more than these, those that a second has room for
    private static readonly TimeSpan BetweenEpochs = TimeSpan.FromSeconds(1), WithinEpoch = TimeSpan.FromSeconds(10);

    private readonly Stopwatch run = new(), sinceLine = Stopwatch.StartNew();
    private int epochs;

    /// <inheritdoc/>
    public override void Begin(Trainer trainer)
    {
        run.Restart();
        epochs = trainer.Epochs;
        var train = trainer.Train!;
        Write(string.Create(CultureInfo.InvariantCulture,
            $"{trainer.Model.GetType().Name}: {trainer.Model.ParameterCount:N0} parameters, "
                + $"{(train.Examples is { } n ? $"{n:N0} examples in " : "")}"
                + $"{train.Batches:N0} batches of {train.BatchSize}, {trainer.Parameters[0].Value.Device}"));
        if (trainer.Epoch >= epochs) Write($"nothing to train: all epochs of the run are done ({epochs})");
        else if (trainer.Step > 0) Write($"going on after step {trainer.Step}, in epoch {trainer.Epoch + 1}");
    }

    /// <inheritdoc/>
    public override void Step(in StepRecord step, double loss)
    {
        if (sinceLine.Elapsed > WithinEpoch)
            Write($"epoch {step.Epoch}/{epochs}  batch {step.Batch}/{step.Batches}  loss {Figures.Text(loss)}");
    }

    /// <inheritdoc/>
    public override void Work(string title, int steps, Action<Action<int, string>> body) => body((done, words) =>
    {
        if (sinceLine.Elapsed > WithinEpoch) Write($"{title}  {done}/{steps}  {words}");
    });

    /// <inheritdoc/>
    public override void EpochEnded(Trainer trainer, EpochRecord epoch)
    {
        if (epoch.Epoch > ShownAlways && epoch.Epoch < epochs && sinceLine.Elapsed < BetweenEpochs) return;
        Write($"epoch {epoch.Epoch}/{epochs}  {Figures.Text(epoch.Values)}  {Figures.Time(epoch.Seconds)}");
    }

    /// <inheritdoc/>
    public override void End(Trainer trainer)
    {
        var history = trainer.History;
        string where = $"after {trainer.Epoch} of {epochs} epochs, step {trainer.Step}, {Figures.Time(run.Elapsed.TotalSeconds)}";
        if (history.End == TrainingEnd.Interrupted) Write($"interrupted ({history.Reason}) {where}");
        else if (history.End == TrainingEnd.Stopped) Write($"stopped {where}: {history.Reason}");
    }

    /// <inheritdoc/>
    public override void Say(string message) => Write(message);

    private void Write(string line)
    {
        Show(Printable.Text(line));
        sinceLine.Restart();
    }

    /// <summary>Writes a line that is safe to print.</summary>
    protected virtual void Show(string line)
    {
        output.WriteLine(line);
        output.Flush();
    }
}

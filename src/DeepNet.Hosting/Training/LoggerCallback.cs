using DeepNet.Training;
using Microsoft.Extensions.Logging;

namespace DeepNet.Hosting;

/// <summary>Writes the progress of a training run to an application's log: its beginning, each epoch, and its end.</summary>
/// <param name="logger">The log.</param>
/// <example><code>
/// var trainer = new Trainer(model, optimizer, Loss.CrossEntropy)
/// {
///     Callbacks = [new LoggerCallback(logger)],
///     Progress = ProgressStyle.None,
///     HandleSignals = false,              // the host has its own
/// };
/// </code></example>
public sealed partial class LoggerCallback(ILogger logger) : Callback
{
    private readonly ILogger logger = logger ?? throw new ArgumentNullException(nameof(logger));

    /// <inheritdoc/>
    protected override bool IsForMain => true;

    /// <inheritdoc/>
    protected override void OnFitStart(Trainer trainer)
    {
        ArgumentNullException.ThrowIfNull(trainer);
        Begins(logger, trainer.Model.GetType().Name, trainer.Model.ParameterCount, trainer.Epochs, trainer.Step);
    }

    /// <inheritdoc/>
    protected override void OnEpochEnd(Trainer trainer, EpochRecord epoch)
    {
        ArgumentNullException.ThrowIfNull(trainer);
        ArgumentNullException.ThrowIfNull(epoch);
        Epoch(logger, epoch.Epoch, trainer.Epochs, epoch.Seconds, epoch.Values);
    }

    /// <inheritdoc/>
    protected override void OnFitEnd(Trainer trainer)
    {
        ArgumentNullException.ThrowIfNull(trainer);
        var history = trainer.History;
        var level = history.End == TrainingEnd.Failed ? LogLevel.Error : LogLevel.Information;
        Ends(logger, level, history.End, trainer.Step, history.Reason ?? "all epochs are done");
    }

    [LoggerMessage(1, LogLevel.Information, "Training {Model} with {Parameters} parameters to epoch {Epochs}, from step {Step} on")]
    private static partial void Begins(ILogger logger, string model, long parameters, int epochs, long step);

    [LoggerMessage(2, LogLevel.Information, "Epoch {Epoch} of {Epochs} took {Seconds} s: {Values}")]
    private static partial void Epoch(ILogger logger, int epoch, int epochs, double seconds, IReadOnlyDictionary<string, double> values);

    [LoggerMessage(EventId = 3, Message = "Training ends ({End}) after step {Step}: {Reason}")]
    private static partial void Ends(ILogger logger, LogLevel level, TrainingEnd end, long step, string reason);
}

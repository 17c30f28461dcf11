using DeepNet.Data;
using DeepNet.Training.Running;

namespace DeepNet.Training;

public partial class Trainer
{
    /// <summary>
    /// Does what <see cref="Fit"/> does on a thread of its own, for applications whose thread must not be blocked. Callbacks are called on
    /// that thread.
    /// </summary>
    /// <param name="train">The data to train on.</param>
    /// <param name="validation">The data to evaluate after each epoch.</param>
    /// <param name="epochs">How many epochs the run has in all, not how many more.</param>
    /// <param name="progress">
    /// Is told of the run's progress, several times a second at most, and of each epoch. A <see cref="Progress{T}"/> that was made on the
    /// thread of a user interface brings it there.
    /// </param>
    /// <param name="cancellationToken">
    /// Ends the run in order, as Ctrl-C does: after the present step, with a checkpoint if there is a <see cref="Checkpoints"/>. The task
    /// is canceled after that.
    /// </param>
    /// <returns>The figures.</returns>
    /// <example><code>
    /// var progress = new Progress&lt;TrainingProgress&gt;(p => bar.Value = p.Fraction);
    /// var history = await trainer.FitAsync(train, validation, epochs: 20, progress, cancellation.Token);
    /// </code></example>
    public Task<History> FitAsync(Loader<Batch> train, Loader<Batch>? validation = null, int epochs = 1,
        IProgress<TrainingProgress>? progress = null, CancellationToken cancellationToken = default)
        => RunAsync(Data(train), validation is null ? null : Data(validation), epochs, progress, cancellationToken);

    private protected async Task<History> RunAsync(TrainingData train, TrainingData? validation, int epochs,
        IProgress<TrainingProgress>? progress, CancellationToken cancellation)
    {
        // The thread does not look at the token: a run that is cancelled before it began ends in order too.
        return await Task.Factory.StartNew(() => Run(train, validation, epochs, cancellation, progress), CancellationToken.None,
            TaskCreationOptions.LongRunning | TaskCreationOptions.DenyChildAttach, TaskScheduler.Default).ConfigureAwait(false);
    }
}

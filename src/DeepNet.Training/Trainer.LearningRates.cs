using DeepNet.Data;
using DeepNet.Training.Running;

namespace DeepNet.Training;

public partial class Trainer
{
    /// <summary>
    /// Tries rising learning rates on the data and says which are good to train with; weights, optimizer and random keys are put back. For
    /// other settings see <see cref="LearningRateFinder"/>.
    /// </summary>
    /// <param name="data">The data to train on.</param>
    /// <param name="cancellation">Ends it after the present step.</param>
    public LearningRateSweep FindLearningRate(Loader<Batch> data, CancellationToken cancellation = default)
        => new LearningRateFinder().Run(this, data, cancellation);

    /// <summary>Keeps others from using the trainer until it is disposed.</summary>
    internal RunClaim Claim(TrainingData data, string method)
    {
        var mine = new FitRun(this, data, null, 1);
        if (Interlocked.CompareExchange(ref run, mine, null) is { } other) throw other.Busy(method);
        return new RunClaim(this, mine.Display);
    }

    /// <summary>A trainer that is busy.</summary>
    internal readonly ref struct RunClaim(Trainer trainer, Display display) : IDisposable
    {
        public Display Display { get; } = display;

        public void Dispose() => trainer.run = null;
    }
}

namespace DeepNet.Training;

/// <summary>Represents the progress of a run.</summary>
/// <param name="Step">The number of steps that the run has taken.</param>
/// <param name="Epoch">The epoch that goes on, or has just ended, from 1.</param>
/// <param name="Epochs">The number of epochs that the run is to have.</param>
/// <param name="Batch">The number of batches of the epoch that have been seen.</param>
/// <param name="Batches">The number of batches of an epoch.</param>
/// <param name="Loss">The mean loss over the epoch so far.</param>
/// <param name="LearningRate">The learning rate of the last step.</param>
/// <param name="Elapsed">The time since the run began or went on.</param>
public sealed record TrainingProgress(
    long Step, int Epoch, int Epochs, int Batch, int Batches, double Loss, double LearningRate, TimeSpan Elapsed)
{
    /// <summary>Gets the figures of the epoch if it has just ended; null within one.</summary>
    public EpochRecord? Ended { get; init; }

    /// <summary>Gets the share of the run that is done, from 0 to 1.</summary>
    public double Fraction => (Epoch - 1 + (double)Batch / Batches) / Epochs;
}

namespace DeepNet.Training;

/// <summary>Represents the figures of one step of the optimizer.</summary>
/// <param name="Step">The number of steps that the run has taken, this one included.</param>
/// <param name="Epoch">The epoch it belongs to, from 1.</param>
/// <param name="Batch">The number of batches of the epoch that have been seen.</param>
/// <param name="Batches">The number of batches of the epoch.</param>
/// <param name="Examples">The number of examples of the step.</param>
/// <param name="Loss">Their mean loss, before the step.</param>
/// <param name="LearningRate">The rate the step was taken with.</param>
/// <param name="GradientNorm">The 2-norm of all gradients, before clipping; NaN unless <see cref="Trainer.CheckGradients"/> is set.</param>
public readonly record struct StepRecord(
    long Step, int Epoch, int Batch, int Batches, int Examples, double Loss, double LearningRate, double GradientNorm);

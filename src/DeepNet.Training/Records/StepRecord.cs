namespace DeepNet.Training;

/// <summary>What is known after a step of the optimizer.</summary>
/// <param name="Step">How many steps the run has taken, this one included.</param>
/// <param name="Epoch">The epoch it belongs to, from 1.</param>
/// <param name="Batch">How many batches of the epoch have been seen.</param>
/// <param name="Batches">How many the epoch has.</param>
/// <param name="Examples">How many examples the step was made from.</param>
/// <param name="Loss">Their mean loss, before the step.</param>
/// <param name="LearningRate">The rate the step was taken with.</param>
/// <param name="GradientNorm">The 2-norm of all gradients, before clipping; NaN where nobody measured it.</param>
public readonly record struct StepRecord(
    long Step, int Epoch, int Batch, int Batches, int Examples, double Loss, double LearningRate, double GradientNorm);

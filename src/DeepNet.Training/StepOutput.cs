namespace DeepNet.Training;

/// <summary>Represents the output of a model for a batch.</summary>
/// <param name="Loss">A single number, the mean over the batch; where training goes downhill.</param>
/// <param name="Output">The predictions that metrics compare; null if there is nothing to compare.</param>
/// <param name="Target">The targets that they compare them with.</param>
public readonly record struct StepOutput(Tensor Loss, Tensor? Output = null, Tensor? Target = null);

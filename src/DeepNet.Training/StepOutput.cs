namespace DeepNet.Training;

/// <summary>What a model made of a batch.</summary>
/// <param name="Loss">A single number, the mean over the batch; where training goes downhill.</param>
/// <param name="Output">What metrics compare; null if there is nothing to compare.</param>
/// <param name="Target">What they compare it with.</param>
public readonly record struct StepOutput(Tensor Loss, Tensor? Output = null, Tensor? Target = null);

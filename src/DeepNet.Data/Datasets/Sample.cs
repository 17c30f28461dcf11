namespace DeepNet.Data;

/// <summary>One example of a data set.</summary>
/// <param name="X">The input of the model.</param>
/// <param name="Y">The target.</param>
public readonly record struct Sample(Tensor X, Tensor Y);

namespace DeepNet.Data;

/// <summary>One example of a data set.</summary>
/// <param name="X">What a model sees.</param>
/// <param name="Y">What it should say.</param>
public readonly record struct Sample(Tensor X, Tensor Y);

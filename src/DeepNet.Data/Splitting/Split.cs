namespace DeepNet.Data;

/// <summary>A data set in two parts.</summary>
/// <param name="Train">To learn from.</param>
/// <param name="Test">To be judged by.</param>
public readonly record struct Split(Subset Train, Subset Test);

namespace DeepNet.Ops;

/// <summary>What a cross-entropy does with its labels.</summary>
/// <param name="Smoothing">The share of the target that is spread evenly over all classes.</param>
/// <param name="IgnoreIndex">The label of rows that do not count.</param>
/// <param name="WeightSum">The sum of the weights of all classes.</param>
internal readonly record struct CrossEntropyRule(double Smoothing, long IgnoreIndex, double WeightSum);

namespace DeepNet.Training.Reports;

/// <summary>An example that was told wrongly.</summary>
/// <param name="Index">Its place in the data.</param>
/// <param name="True">What it is.</param>
/// <param name="Said">What the model said.</param>
/// <param name="Probability">How sure it was.</param>
/// <param name="Picture">What it looks like; null if it is no picture.</param>
internal sealed record Mistake(int Index, int True, int Said, double Probability, Tensor? Picture);

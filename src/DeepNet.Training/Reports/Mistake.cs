namespace DeepNet.Training.Reports;

/// <summary>An example that was told wrongly.</summary>
/// <param name="Index">Its place in the data.</param>
/// <param name="True">The true class or value.</param>
/// <param name="Said">The predicted class or value.</param>
/// <param name="Probability">The predicted probability.</param>
/// <param name="Picture">The input as an image; null if it is none.</param>
internal sealed record Mistake(int Index, int True, int Said, double Probability, Tensor? Picture);

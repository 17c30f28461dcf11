namespace DeepNet.Training.Reports;

/// <summary>Represents an example that was predicted wrongly.</summary>
/// <param name="Index">Its place in the data.</param>
/// <param name="True">The true class or value.</param>
/// <param name="Predicted">The predicted class or value.</param>
/// <param name="Probability">The predicted probability.</param>
/// <param name="Image">The input as an image; null if it is none.</param>
internal sealed record Mistake(int Index, int True, int Predicted, double Probability, Tensor? Image);

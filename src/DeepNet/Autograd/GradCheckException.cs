namespace DeepNet;

/// <summary>A derivative that differs from what differences say; see <see cref="GradCheck"/>.</summary>
/// <param name="message">The whole story.</param>
/// <param name="input">Which input.</param>
/// <param name="element">Which of its elements, in row-major order.</param>
/// <param name="analytic">The derivative by the backward pass.</param>
/// <param name="numeric">The derivative by central differences.</param>
public sealed class GradCheckException(
    string message, int input = -1, int element = -1, double analytic = double.NaN, double numeric = double.NaN) : Exception(message)
{
    /// <summary>Which input; −1 if the error is of another kind.</summary>
    public int Input { get; } = input;

    /// <summary>Which element of the input, in row-major order.</summary>
    public int Element { get; } = element;

    /// <summary>The derivative by the backward pass.</summary>
    public double Analytic { get; } = analytic;

    /// <summary>The derivative by central differences.</summary>
    public double Numeric { get; } = numeric;
}

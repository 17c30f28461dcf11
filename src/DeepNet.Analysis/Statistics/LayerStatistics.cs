namespace DeepNet.Analysis;

/// <summary>Represents the values and gradients of a layer in one pass.</summary>
/// <param name="Name">The layer's path in the model, such as <c>body.fc1</c>.</param>
/// <param name="Kind">The layer, such as <c>Linear(784, 128)</c>.</param>
/// <param name="Depth">Its place in the order in which the layers ran, from 0.</param>
/// <param name="Output">The output.</param>
/// <param name="DeadShare">The share of its units (features of a matrix, channels of images) that gave 0 for every example of the
/// batch.</param>
/// <param name="Gradient">The gradient of the loss by what it gave; null before a backward pass, or where none came.</param>
public sealed record LayerStatistics(
    string Name, string Kind, int Depth, TensorStatistics Output, double DeadShare, TensorStatistics? Gradient);

/// <summary>A parameter and its gradient in numbers.</summary>
/// <param name="Name">The parameter's path, such as <c>fc1.weight</c>.</param>
/// <param name="Shape">Its shape.</param>
/// <param name="Value">Its elements.</param>
/// <param name="Gradient">The elements of its gradient; null if it has none.</param>
public sealed record ParameterStatistics(string Name, Shape Shape, TensorStatistics Value, TensorStatistics? Gradient)
{
    /// <summary>The length of the gradient relative to that of the parameter; NaN without a gradient.</summary>
    public double RelativeGradient => Gradient is null ? double.NaN : Gradient.Norm / Value.Norm;

    /// <summary>Measures all parameters of a model, with the gradients they hold after a backward pass.</summary>
    public static IReadOnlyList<ParameterStatistics> Of(Nn.Module model, int bins = 30)
    {
        ArgumentNullException.ThrowIfNull(model);
        return [.. model.NamedParameters().Select(p => new ParameterStatistics(
            p.Item1, p.Item2.Shape, TensorStatistics.Of(p.Item2.Value, bins),
            (p.Item2.SparseGrad?.Values ?? p.Item2.Grad) is { } g ? TensorStatistics.Of(g, bins) : null))];
    }
}

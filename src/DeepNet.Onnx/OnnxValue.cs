using System.Globalization;

namespace DeepNet.Onnx;

/// <summary>The length of an axis of an input or output: a number, a symbol such as <c>batch</c>, or unknown.</summary>
/// <param name="Length">The number; null if it is none.</param>
/// <param name="Symbol">The symbol; null if there is none.</param>
public readonly record struct OnnxDimension(int? Length, string? Symbol)
{
    /// <inheritdoc/>
    public override string ToString() => Length?.ToString(CultureInfo.InvariantCulture) ?? Symbol ?? "?";
}

/// <summary>An input or output of a model.</summary>
/// <param name="Name">The name.</param>
/// <param name="DType">The element type.</param>
/// <param name="Shape">The lengths of the axes; null if not even their number is known.</param>
public sealed record OnnxValue(string Name, DType DType, IReadOnlyList<OnnxDimension>? Shape)
{
    /// <inheritdoc/>
    public override string ToString() => $"{Name} {DType.Name()} {(Shape is null ? "(…)" : $"({string.Join(", ", Shape)})")}";
}

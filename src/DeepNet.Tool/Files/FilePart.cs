namespace DeepNet.Tool.Files;

/// <summary>A tensor of a file, or a column of a table.</summary>
/// <param name="Name">The name; empty where the file has one part alone, without a name.</param>
/// <param name="Type">The type, as the file calls it.</param>
/// <param name="Shape">The lengths of the axes; the number of rows of a column.</param>
/// <param name="Statistics">Statistics of the elements; null if they were not looked at or are no numbers.</param>
/// <param name="Note">A remark.</param>
internal sealed record FilePart(string Name, string Type, IReadOnlyList<long> Shape, Statistics? Statistics = null, string Note = "")
{
    public long Count => Shape.Aggregate(1L, (a, b) => a * b);

    /// <summary>Describes a tensor, with statistics of its elements if they are asked for.</summary>
    public static FilePart Of(string name, Tensor tensor, bool withStatistics, string? type = null)
        => new(name, type ?? tensor.DType.Name(), [.. tensor.Shape.Select(l => (long)l)], withStatistics ? Statistics.Of(tensor) : null);

    public string ShapeText => Shape is [long only] ? $"({only},)" : $"({string.Join(", ", Shape)})";
}

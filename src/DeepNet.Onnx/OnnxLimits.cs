namespace DeepNet.Onnx;

/// <summary>
/// The limits of what a model may hold. A file that exceeds one is refused with an <see cref="InvalidDataException"/> before memory is
/// allocated for it.
/// </summary>
/// <example><code>
/// var model = OnnxModel.Load("upload.onnx", new OnnxLimits { MaxFileBytes = 100_000_000, MaxNodes = 10_000 });
/// </code></example>
public sealed record OnnxLimits
{
    /// <summary>Gets the limits that apply where none are given.</summary>
    public static OnnxLimits Default { get; } = new();

    /// <summary>
    /// Gets the largest size of the model's file, without files of external data. The default is the format's own limit, 2,147,483,591.
    /// </summary>
    public long MaxFileBytes { get; init; } = Array.MaxLength;

    /// <summary>Gets the largest number of operators, those of branches and functions included. The default is 1,000,000.</summary>
    public int MaxNodes { get; init; } = 1_000_000;

    /// <summary>Gets the largest number of elements of a tensor of the file. The default is 2,147,483,647.</summary>
    public long MaxElements { get; init; } = int.MaxValue;

    /// <summary>
    /// Gets the largest number of elements that an operator may make of none, as <c>ConstantOfShape</c>, <c>Range</c>, <c>Tile</c>,
    /// <c>Pad</c>, <c>Resize</c> and <c>OneHot</c> do, whose size a few bytes of the file say. The default is 1,000,000,000.
    /// </summary>
    public long MaxMadeElements { get; init; } = 1_000_000_000;
}

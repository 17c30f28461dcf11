namespace DeepNet.IO;

/// <summary>
/// The limits of what a safetensors file, a checkpoint or a file of PyTorch may hold. A file that exceeds one is refused with an
/// <see cref="InvalidDataException"/> before memory is allocated for it. The elements need no limit: they are as many as the file has.
/// </summary>
/// <example><code>
/// var tensors = SafeTensors.Load("upload.safetensors", limits: new ReadLimits { MaxTensors = 1000 });
/// </code></example>
public sealed record ReadLimits
{
    /// <summary>Gets the limits that apply where none are given.</summary>
    public static ReadLimits Default { get; } = new();

    /// <summary>
    /// Gets the largest size of the header, or of the pickle, in bytes. The default is the limit of safetensors, 100,000,000.
    /// </summary>
    public long MaxHeaderBytes { get; init; } = SafeTensorsHeader.MaxBytes;

    /// <summary>Gets the largest number of tensors. The default is 100,000.</summary>
    public int MaxTensors { get; init; } = 100_000;
}

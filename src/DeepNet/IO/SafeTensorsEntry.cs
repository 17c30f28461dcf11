namespace DeepNet.IO;

/// <summary>One tensor of a safetensors file, as its header describes it.</summary>
/// <param name="Name">The name.</param>
/// <param name="StoredType">The type as the file names it: F32, BF16, I64…</param>
/// <param name="Shape">The shape.</param>
/// <param name="FileOffset">The position of its elements in the file.</param>
/// <param name="Bytes">The number of bytes.</param>
public sealed record SafeTensorsEntry(string Name, string StoredType, Shape Shape, long FileOffset, long Bytes);

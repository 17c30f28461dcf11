using System.IO.Compression;
using DeepNet.Data.Files;
using DeepNet.IO;

namespace DeepNet.Data.Images;

/// <summary>IDX files, the format of MNIST and its relatives: one array of numbers, plain or packed with gzip.</summary>
public static class Idx
{
    /// <summary>
    /// The array of a file: its element type is that of the file, but 16-bit integers become int32. For images with labels there is
    /// <see cref="ImageDataset.FromIdx"/>.
    /// </summary>
    /// <param name="path">The file, plain or packed with gzip.</param>
    /// <param name="limits">The limits of what the file may hold; <see cref="DataLimits.Default"/> if null.</param>
    /// <exception cref="DataFormatException">The file is damaged, exceeds a limit or is not IDX; the message says at which
    /// byte.</exception>
    public static Tensor Load(string path, DataLimits? limits = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        return IdxArray.Read(DataFile.At(path), limits).ToTensor();
    }

    /// <summary>Writes an array of bytes, atomically; packed if the name ends in .gz.</summary>
    /// <param name="path">The file.</param>
    /// <param name="elements">The elements in row-major order.</param>
    /// <param name="shape">The lengths of the axes.</param>
    public static void Save(string path, ReadOnlyMemory<byte> elements, Shape shape)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        ArgumentNullException.ThrowIfNull(shape);
        if (shape.Rank == 0 || shape.Count != elements.Length)
            throw new ArgumentException($"[idx] {elements.Length} elements do not make an array of shape {shape}.");
        AtomicFile.Write(path, stream =>
        {
            bool isPacked = path.EndsWith(".gz", StringComparison.OrdinalIgnoreCase);
            using var target = isPacked ? new GZipStream(stream, CompressionLevel.SmallestSize, leaveOpen: true) : null;
            IdxArray.Write(target ?? stream, elements.Span, shape.Axes);
        });
    }
}

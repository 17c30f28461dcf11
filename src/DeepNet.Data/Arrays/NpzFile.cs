using System.IO.Compression;
using DeepNet.Data.Arrays;
using DeepNet.Data.Files;
using DeepNet.IO;

namespace DeepNet.Data;

/// <summary>
/// NumPy's npz files: named arrays in a zip archive, as <c>numpy.savez</c> and <c>numpy.savez_compressed</c> write them.
/// See <see cref="NpyFile"/> for what an array may be.
/// </summary>
/// <example><code>
/// var arrays = NpzFile.Load("mnist.npz");
/// var train = new TensorDataset(arrays["x_train"], arrays["y_train"].To(DType.Int64));
/// </code></example>
public static class NpzFile
{
    private const string Extension = ".npy";

    /// <summary>Reads all arrays, by their names without ".npy".</summary>
    /// <param name="path">The file.</param>
    /// <param name="limits">The limits of what the arrays may unpack to, together; <see cref="DataLimits.Default"/> if null.</param>
    /// <exception cref="DataFormatException">The file is damaged, exceeds a limit, or an array is something else than numbers.</exception>
    public static IReadOnlyDictionary<string, Tensor> Load(string path, DataLimits? limits = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        using var file = DataFile.At(path).Open();
        return Load(file, limits, path);
    }

    /// <summary>Reads all arrays from a stream that can seek, which is left open.</summary>
    /// <param name="stream">The stream.</param>
    /// <param name="limits">The limits of what the arrays may unpack to, together; <see cref="DataLimits.Default"/> if null.</param>
    /// <param name="name">The name in errors.</param>
    /// <exception cref="DataFormatException">The contents are damaged, exceed a limit, or an array is something else than
    /// numbers.</exception>
    public static IReadOnlyDictionary<string, Tensor> Load(Stream stream, DataLimits? limits = null, string name = "stream")
    {
        ArgumentNullException.ThrowIfNull(stream);
        long left = (limits ?? DataLimits.Default).MaxUnpackedBytes;
        var arrays = new Dictionary<string, Tensor>();
        try
        {
            using var zip = new ZipArchive(stream, ZipArchiveMode.Read, leaveOpen: true);
            foreach (var entry in zip.Entries)
            {
                string key = entry.FullName.EndsWith(Extension, StringComparison.Ordinal) ? entry.FullName[..^Extension.Length]
                    : entry.FullName;
                using var reader = new ByteReader($"{name}/{entry.FullName}", entry.Open(), null,
                    new DataLimits { MaxUnpackedBytes = left });
                if (!arrays.TryAdd(key, NpyArray.Read(reader)))
                    throw DataFormatException.AtByte(name, 0, $"there are two arrays called '{key}'.");
                left -= reader.Offset;
            }
        }
        catch (Exception e) when (ByteReader.IsDamage(e) || e is IOException)
        {
            // The offsets of an archive are sought in the file before they are checked.
            throw DataFormatException.AtByte(name, 0, $"the archive cannot be read ({e.Message.TrimEnd('.')}).", e);
        }
        return arrays;
    }

    /// <summary>Writes named arrays: the file's old content stays until the new one is whole.</summary>
    /// <param name="path">The file.</param>
    /// <param name="arrays">The arrays by name, without ".npy".</param>
    /// <param name="compress">Whether the arrays are packed, as by <c>numpy.savez_compressed</c>.</param>
    /// <exception cref="ArgumentException">A tensor is bfloat16, which NumPy does not have.</exception>
    public static void Save(string path, IReadOnlyDictionary<string, Tensor> arrays, bool compress = false)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        ArgumentNullException.ThrowIfNull(arrays);
        AtomicFile.Write(path, stream => Save(stream, arrays, compress));
    }

    /// <summary>Writes named arrays to a stream, which is left open.</summary>
    /// <param name="stream">The stream.</param>
    /// <param name="arrays">The arrays by name, without ".npy".</param>
    /// <param name="compress">Whether the arrays are packed, as by <c>numpy.savez_compressed</c>.</param>
    /// <exception cref="ArgumentException">A tensor is bfloat16, which NumPy does not have.</exception>
    public static void Save(Stream stream, IReadOnlyDictionary<string, Tensor> arrays, bool compress = false)
    {
        ArgumentNullException.ThrowIfNull(stream);
        ArgumentNullException.ThrowIfNull(arrays);
        using var zip = new ZipArchive(stream, ZipArchiveMode.Create, leaveOpen: true);
        foreach (var (name, tensor) in arrays)
        {
            var entry = zip.CreateEntry(name + Extension, compress ? CompressionLevel.Optimal : CompressionLevel.NoCompression);
            entry.LastWriteTime = new DateTimeOffset(1980, 1, 1, 0, 0, 0, TimeSpan.Zero);       // the same arrays give the same bytes
            using var contents = entry.Open();
            NpyArray.Write(contents, tensor);
        }
    }
}

using DeepNet.Data.Arrays;
using DeepNet.Data.Files;
using DeepNet.IO;

namespace DeepNet.Data;

/// <summary>
/// NumPy's npy files: one array each, as <c>numpy.save</c> writes them. All versions of the format are read, both orders of bytes and of
/// axes; int16 and uint16 become int32, uint32 becomes int64. Python objects are refused: they are stored as programs.
/// </summary>
/// <example><code>
/// var x = NpyFile.Load("features.npy");
/// NpyFile.Save("predictions.npy", model.Forward(x));
/// </code></example>
public static class NpyFile
{
    /// <summary>Reads an array, plain or packed with gzip.</summary>
    /// <param name="path">The file.</param>
    /// <param name="limits">The limits of what a packed file may hold; <see cref="DataLimits.Default"/> if null.</param>
    /// <exception cref="DataFormatException">The file is damaged, exceeds a limit, or holds something else than numbers; the message says
    /// at which byte.</exception>
    public static Tensor Load(string path, DataLimits? limits = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        using var reader = DataFile.At(path).Read(limits);
        return NpyArray.Read(reader);
    }

    /// <summary>Reads an array from a stream, which must end with it and is left open.</summary>
    /// <param name="stream">The stream.</param>
    /// <param name="limits">The limits where the stream cannot tell its length; <see cref="DataLimits.Default"/> if null.</param>
    /// <param name="name">The name in errors.</param>
    /// <exception cref="DataFormatException">The contents are damaged, exceed a limit, or are something else than numbers.</exception>
    public static Tensor Load(Stream stream, DataLimits? limits = null, string name = "stream")
    {
        ArgumentNullException.ThrowIfNull(stream);
        return NpyArray.Read(new ByteReader(name, stream, stream.CanSeek ? stream.Length - stream.Position : null, limits));
    }

    /// <summary>Writes an array: the file's old content stays until the new one is whole.</summary>
    /// <exception cref="ArgumentException">The tensor is bfloat16, which NumPy does not have.</exception>
    public static void Save(string path, Tensor tensor)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        ArgumentNullException.ThrowIfNull(tensor);
        AtomicFile.Write(path, stream => NpyArray.Write(stream, tensor));
    }

    /// <summary>Writes an array to a stream, which is left open.</summary>
    /// <exception cref="ArgumentException">The tensor is bfloat16, which NumPy does not have.</exception>
    public static void Save(Stream stream, Tensor tensor)
    {
        ArgumentNullException.ThrowIfNull(stream);
        ArgumentNullException.ThrowIfNull(tensor);
        NpyArray.Write(stream, tensor);
    }
}

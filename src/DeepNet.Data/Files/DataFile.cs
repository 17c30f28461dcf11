using System.IO.Compression;

namespace DeepNet.Data.Files;

/// <summary>Something to read bytes from: a file, or an entry of an archive.</summary>
/// <param name="Name">What errors call it.</param>
/// <param name="Open">Opens it from the start.</param>
internal sealed record DataFile(string Name, Func<Stream> Open)
{
    private const byte GzipMark0 = 0x1F, GzipMark1 = 0x8B;

    public static DataFile At(string path) => new(path, () => File.OpenRead(path));

    /// <summary>The first of some names, plain or with .gz, that a folder has; null if it has none.</summary>
    public static DataFile? Find(string folder, params ReadOnlySpan<string> names)
    {
        foreach (string name in names)
            foreach (string candidate in new[] { name, name + ".gz" })
            {
                string path = Path.Combine(folder, candidate);
                if (File.Exists(path)) return At(path);
            }
        return null;
    }

    /// <summary>Opens it, and unpacks it if its first bytes say that it is gzip, whatever it is called.</summary>
    public ByteReader Read() => new(Name, OpenUnpacked(out long? length), length);

    /// <summary>The unpacked contents, and their length where it is known beforehand.</summary>
    public Stream OpenUnpacked(out long? length)
    {
        bool isPacked;
        using (var probe = Open())
        {
            Span<byte> mark = stackalloc byte[2];
            isPacked = probe.ReadAtLeast(mark, 2, throwOnEndOfStream: false) == 2 && mark is [GzipMark0, GzipMark1];
        }
        var stream = Open();
        length = !isPacked && stream.CanSeek ? stream.Length : null;
        return isPacked ? new GZipStream(stream, CompressionMode.Decompress) : stream;
    }
}

using System.IO.Compression;
using DeepNet.IO;

namespace DeepNet.Data.Files;

/// <summary>Something to read bytes from: a file, or an entry of an archive.</summary>
/// <param name="Name">The name in errors.</param>
/// <param name="Open">Opens it from the start; what it gives can seek.</param>
internal sealed record DataFile(string Name, Func<Stream> Open)
{
    private const byte GzipMark0 = 0x1F, GzipMark1 = 0x8B;

    public static DataFile At(string path) => new(path, () => OpenFile(path));

    /// <summary>Writes a file atomically, for packages that add formats.</summary>
    public static void Write(string path, Action<Stream> write) => AtomicFile.Write(path, write);

    /// <summary>A file in a zip archive. Its packed bytes are read into memory.</summary>
    public static DataFile InZip(string archive, string entry, DataLimits? limits) => new($"{archive}/{entry}", () =>
    {
        var file = OpenFile(archive);
        try
        {
            using var zip = new ZipArchive(file, ZipArchiveMode.Read);
            var found = zip.GetEntry(entry)
                ?? throw DataFormatException.AtByte(archive, 0, $"the archive has no {entry}. Delete it and fetch it again.");
            using var reader = new ByteReader($"{archive}/{entry}", found.Open(), null, limits);
            return new MemoryStream(reader.ReadToEnd());
        }
        catch (IOException e)
        {
            // The offsets of an archive are sought in the file before they are checked.
            throw DataFormatException.AtByte(archive, 0, $"the archive cannot be read ({e.Message.TrimEnd('.')}).", e);
        }
        finally
        {
            file.Dispose();                              // an archive that is refused at once does not close it
        }
    });

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
    public ByteReader Read(DataLimits? limits = null)
    {
        try
        {
            var stream = Open();
            Span<byte> mark = stackalloc byte[2];
            bool isPacked = stream.ReadAtLeast(mark, mark.Length, throwOnEndOfStream: false) == mark.Length
                && mark is [GzipMark0, GzipMark1];
            stream.Position = 0;
            return isPacked
                ? new ByteReader(Name, new GZipStream(stream, CompressionMode.Decompress), null, limits)
                : new ByteReader(Name, stream, stream.Length, limits);
        }
        catch (Exception e) when (ByteReader.IsDamage(e))
        {
            throw DataFormatException.AtByte(Name, 0, $"the file is damaged ({e.Message.TrimEnd('.')}).", e);
        }
    }

    private static FileStream OpenFile(string path)
        => UnixFiles.SpecialKind(path) is not { } kind ? File.OpenRead(path)
            : throw DataFormatException.AtByte(path, 0, $"this is {kind}, not a file. Copy its contents into a file.");
}

using DeepNet.Data.Download;
using DeepNet.Data.Files;

namespace DeepNet.Data;

/// <summary>CIFAR-10 in its binary form: 32×32 images in colour, 50,000 to learn from and 10,000 to be judged by.</summary>
public static class Cifar10
{
    private const int Side = 32, Channels = 3, ImageBytes = Channels * Side * Side, RecordBytes = 1 + ImageBytes;
    private const long MostBytesOfFile = 100_000L * RecordBytes;
    private const string Archive = "cifar-10-binary.tar.gz", Inside = "cifar-10-batches-bin";

    private static readonly string[] Classes = ["airplane", "automobile", "bird", "cat", "deer", "dog", "frog", "horse", "ship", "truck"];

    private static readonly RemoteFile Published = new(
        Archive, "c4a38c50a1bc5f3a1c5537f2155ab9d68f9f25eb1ed8d9ddda3db29a59bca1dd", 170052171,
        ["https://www.cs.toronto.edu/~kriz/cifar-10-binary.tar.gz"]);

    /// <summary>Returns a value that is true if a folder has both parts.</summary>
    public static bool IsIn(string folder)
    {
        ArgumentNullException.ThrowIfNull(folder);
        return File.Exists(Path.Combine(folder, Archive)) || Names(true).Concat(Names(false)).All(name => Find(folder, name) is not null);
    }

    /// <summary>One part, from the files of the archive (plain or packed with gzip) or from the archive itself.</summary>
    /// <param name="folder">The folder of the files.</param>
    /// <param name="train">True for the training part, false for the test part.</param>
    /// <param name="limits">The limits of what a file may hold; <see cref="DataLimits.Default"/> if null.</param>
    /// <exception cref="FileNotFoundException">The folder has neither.</exception>
    /// <exception cref="DataFormatException">A file is damaged or exceeds a limit.</exception>
    public static ImageDataset Load(string folder, bool train, DataLimits? limits = null)
    {
        ArgumentNullException.ThrowIfNull(folder);
        var parts = ReadAll(folder, [.. Names(train)], limits);
        var labels = new List<int>();
        byte[] pixels = new byte[parts.Sum(part => (long)part.Length / RecordBytes * ImageBytes)];
        foreach (byte[] part in parts)
            for (int at = 0; at < part.Length; at += RecordBytes)
            {
                part.AsSpan(at + 1, ImageBytes).CopyTo(pixels.AsSpan(labels.Count * ImageBytes));
                labels.Add(part[at]);
            }
        return new ImageDataset(pixels, [.. labels], Channels, Side, Side, Classes);
    }

    /// <summary>Fetches the archive (162 MiB), if the folder does not have it yet.</summary>
    /// <exception cref="DownloadException">No mirror gave a good file.</exception>
    public static Task DownloadAsync(
        string folder, IProgress<DownloadProgress>? progress = null, Downloader? downloader = null,
        CancellationToken cancellation = default)
        => (downloader ?? new Downloader()).GetAsync(Published, folder, progress, cancellation);

    private static IEnumerable<string> Names(bool train)
        => train ? Enumerable.Range(1, 5).Select(i => $"data_batch_{i}.bin") : ["test_batch.bin"];

    private static DataFile? Find(string folder, string name)
        => DataFile.Find(folder, name) ?? DataFile.Find(Path.Combine(folder, Inside), name);

    private static byte[][] ReadAll(string folder, string[] names, DataLimits? limits)
    {
        var files = Array.ConvertAll(names, name => Find(folder, name));
        string archive = Path.Combine(folder, Archive);
        if (Array.TrueForAll(files, file => file is not null)) return Array.ConvertAll(files, file => ReadFile(file!, limits));
        return File.Exists(archive) ? ReadArchive(archive, names, limits) : throw new FileNotFoundException(
            $"[cifar10] {Path.GetFullPath(folder)} has neither {string.Join(", ", names)} nor {Archive}. "
                + "Cifar10.DownloadAsync fetches them.");
    }

    private static byte[] ReadFile(DataFile file, DataLimits? limits)
    {
        using var reader = file.Read(limits);
        return Checked(reader.ReadToEnd(MostBytesOfFile), file.Name);
    }

    private static byte[][] ReadArchive(string archive, string[] names, DataLimits? limits)
    {
        using var reader = DataFile.At(archive).Read(limits);
        var tar = new TarArchive(reader);
        var parts = new byte[names.Length][];
        while (parts.Contains(null) && tar.Next())
            if (tar.IsFile && Array.IndexOf(names, tar.Name) is >= 0 and var at)
                parts[at] = Checked(tar.ReadContents(MostBytesOfFile), $"{archive}/{tar.Name}");
        return !parts.Contains(null) ? parts : throw DataFormatException.AtByte(
            archive, reader.Offset,
                $"the archive has no {names[Array.IndexOf(parts, null)]}. Is it the Python version? The binary one is needed.");
    }

    private static byte[] Checked(byte[] part, string name)
    {
        if (part.Length % RecordBytes is not 0 and var rest)
            throw DataFormatException.AtByte(
                name, part.Length,
                $"the file ends in image {part.Length / RecordBytes}, after {rest} of {RecordBytes} bytes. It is cut off.");
        for (int at = 0; at < part.Length; at += RecordBytes)
            if (part[at] >= Classes.Length)
                throw DataFormatException.AtByte(name, at,
                    $"image {at / RecordBytes} has the label {part[at]}; there are {Classes.Length} classes, from 0. Is it CIFAR-100, or "
                        + "no CIFAR at all?");
        return part;
    }
}

using DeepNet.Data.Download;
using DeepNet.Data.Files;

namespace DeepNet.Data.Images;

/// <summary>The files of CIFAR-10 or CIFAR-100: records of labels and 32×32 pixels in three planes.</summary>
/// <param name="Tag">The name in errors.</param>
/// <param name="Inside">The folder in the archive.</param>
/// <param name="Train">The files of the training part.</param>
/// <param name="Test">The file of the test part.</param>
/// <param name="LabelBytes">The number of labels of an image; the last one counts.</param>
/// <param name="Classes">The names of the classes.</param>
/// <param name="Archive">The archive that is published.</param>
internal sealed record CifarFiles(
    string Tag, string Inside, string[] Train, string[] Test, int LabelBytes, string[] Classes, RemoteFile Archive)
{
    private const int Side = 32, Channels = 3, ImageBytes = Channels * Side * Side, MostImages = 100_000;

    private int RecordBytes => LabelBytes + ImageBytes;

    public bool AreIn(string folder)
        => File.Exists(Path.Combine(folder, Archive.Name)) || Train.Concat(Test).All(name => Find(folder, name) is not null);

    public ImageDataset Load(string folder, bool train, DataLimits? limits)
    {
        var parts = ReadAll(folder, train ? Train : Test, limits);
        var labels = new List<int>();
        byte[] pixels = new byte[parts.Sum(part => (long)part.Length / RecordBytes * ImageBytes)];
        foreach (byte[] part in parts)
            for (int at = 0; at < part.Length; at += RecordBytes)
            {
                part.AsSpan(at + LabelBytes, ImageBytes).CopyTo(pixels.AsSpan(labels.Count * ImageBytes));
                labels.Add(part[at + LabelBytes - 1]);
            }
        return new ImageDataset(pixels, [.. labels], Channels, Side, Side, Classes);
    }

    private DataFile? Find(string folder, string name)
        => DataFile.Find(folder, name) ?? DataFile.Find(Path.Combine(folder, Inside), name);

    private byte[][] ReadAll(string folder, string[] names, DataLimits? limits)
    {
        var files = Array.ConvertAll(names, name => Find(folder, name));
        string archive = Path.Combine(folder, Archive.Name);
        if (Array.TrueForAll(files, file => file is not null)) return Array.ConvertAll(files, file => ReadFile(file!, limits));
        return File.Exists(archive) ? ReadArchive(archive, names, limits) : throw new FileNotFoundException(
            $"[{Tag}] {Path.GetFullPath(folder)} has neither {string.Join(", ", names)} nor {Archive.Name}. DownloadAsync fetches it.");
    }

    private byte[] ReadFile(DataFile file, DataLimits? limits)
    {
        using var reader = file.Read(limits);
        return Checked(reader.ReadToEnd((long)MostImages * RecordBytes), file.Name);
    }

    private byte[][] ReadArchive(string archive, string[] names, DataLimits? limits)
    {
        using var reader = DataFile.At(archive).Read(limits);
        var tar = new TarArchive(reader);
        var parts = new byte[names.Length][];
        while (parts.Contains(null) && tar.Next())
            if (tar.IsFile && Array.IndexOf(names, tar.Name) is >= 0 and var at)
                parts[at] = Checked(tar.ReadContents((long)MostImages * RecordBytes), $"{archive}/{tar.Name}");
        return !parts.Contains(null) ? parts : throw DataFormatException.AtByte(
            archive, reader.Offset,
                $"the archive has no {names[Array.IndexOf(parts, null)]}. Is it the Python version? The binary one is needed.");
    }

    private byte[] Checked(byte[] part, string name)
    {
        if (part.Length % RecordBytes is not 0 and var rest)
            throw DataFormatException.AtByte(
                name, part.Length,
                $"the file ends in image {part.Length / RecordBytes}, after {rest} of {RecordBytes} bytes. It is cut off.");
        for (int at = LabelBytes - 1; at < part.Length; at += RecordBytes)
            if (part[at] >= Classes.Length)
                throw DataFormatException.AtByte(name, at,
                    $"image {at / RecordBytes} has the label {part[at]}; there are {Classes.Length} classes, from 0. Is it "
                        + $"{(LabelBytes == 1 ? "CIFAR-100" : "CIFAR-10")}, or no CIFAR at all?");
        return part;
    }
}

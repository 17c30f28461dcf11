using DeepNet.Data.Download;
using DeepNet.Data.Images;

namespace DeepNet.Data;

/// <summary>MNIST and its relatives, from a folder or from where they are published.</summary>
/// <example><code>
/// if (!Mnist.IsIn(folder)) await Mnist.DownloadAsync(folder);
/// var (train, test) = (Mnist.Load(folder, train: true), Mnist.Load(folder, train: false));
/// </code></example>
public static class Mnist
{
    /// <summary>Returns a value that is true if a folder has all files of a kind.</summary>
    public static bool IsIn(string folder, MnistKind kind = MnistKind.Digits)
    {
        ArgumentNullException.ThrowIfNull(folder);
        var files = MnistFiles.Of(kind);
        return files.Find(folder, true) is not null && files.Find(folder, false) is not null;
    }

    /// <summary>One part of a set, from plain or packed files.</summary>
    /// <param name="folder">The folder of the files.</param>
    /// <param name="train">True for the training part, false for the test part.</param>
    /// <param name="kind">The set.</param>
    /// <param name="limits">The limits of what a file may hold; <see cref="DataLimits.Default"/> if null.</param>
    /// <exception cref="FileNotFoundException">The folder does not have the files.</exception>
    /// <exception cref="DataFormatException">A file is damaged or exceeds a limit.</exception>
    public static ImageDataset Load(string folder, bool train, MnistKind kind = MnistKind.Digits, DataLimits? limits = null)
    {
        ArgumentNullException.ThrowIfNull(folder);
        var files = MnistFiles.Of(kind);
        var found = files.Find(folder, train, limits) ?? throw new FileNotFoundException(
            $"[mnist] {Path.GetFullPath(folder)} has no images and labels of the {(train ? "training" : "test")} part. They are called "
                + $"{files.Published[0].Name} and so on, with or without .gz; Mnist.DownloadAsync fetches them.");
        return IdxImages.Read(found.Images, found.Labels, files.Classes, limits, files.FirstLabel, files.IsEmnist);
    }

    /// <summary>
    /// Fetches what a folder does not have yet. Files are checked by their SHA-256, and one that was broken off is continued.
    /// </summary>
    /// <exception cref="DownloadException">No mirror gave a good file.</exception>
    public static async Task DownloadAsync(
        string folder, MnistKind kind = MnistKind.Digits, IProgress<DownloadProgress>? progress = null, Downloader? downloader = null,
            CancellationToken cancellation = default)
    {
        await (downloader ?? new Downloader()).GetAllAsync(MnistFiles.Of(kind).Published, folder, progress, cancellation)
            .ConfigureAwait(false);
    }
}

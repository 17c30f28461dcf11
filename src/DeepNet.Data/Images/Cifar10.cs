using DeepNet.Data.Download;
using DeepNet.Data.Images;

namespace DeepNet.Data;

/// <summary>CIFAR-10 in its binary form: 32×32 images in colour, 50,000 to learn from and 10,000 to be judged by.</summary>
public static class Cifar10
{
    internal static CifarFiles Files { get; } = new(
        "cifar10", "cifar-10-batches-bin", [.. Enumerable.Range(1, 5).Select(i => $"data_batch_{i}.bin")], ["test_batch.bin"], 1,
        ["airplane", "automobile", "bird", "cat", "deer", "dog", "frog", "horse", "ship", "truck"],
        new("cifar-10-binary.tar.gz", "c4a38c50a1bc5f3a1c5537f2155ab9d68f9f25eb1ed8d9ddda3db29a59bca1dd", 170052171,
            ["https://www.cs.toronto.edu/~kriz/cifar-10-binary.tar.gz"]));

    /// <summary>Returns a value that is true if a folder has both parts.</summary>
    public static bool IsIn(string folder)
    {
        ArgumentNullException.ThrowIfNull(folder);
        return Files.AreIn(folder);
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
        return Files.Load(folder, train, limits);
    }

    /// <summary>Fetches the archive (162 MiB), if the folder does not have it yet.</summary>
    /// <exception cref="DownloadException">No mirror gave a good file.</exception>
    public static Task DownloadAsync(
        string folder, IProgress<DownloadProgress>? progress = null, Downloader? downloader = null,
        CancellationToken cancellation = default)
        => (downloader ?? new Downloader()).GetAsync(Files.Archive, folder, progress, cancellation);
}

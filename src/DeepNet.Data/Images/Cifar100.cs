using DeepNet.Data.Download;
using DeepNet.Data.Images;

namespace DeepNet.Data;

/// <summary>
/// CIFAR-100 in its binary form: 32×32 images in colour of a hundred classes, 50,000 to learn from and 10,000 to be judged by. The twenty
/// coarse classes of the files are not read.
/// </summary>
public static class Cifar100
{
    internal static CifarFiles Files { get; } = new(
        "cifar100", "cifar-100-binary", ["train.bin"], ["test.bin"], 2,
        [
            "apple", "aquarium fish", "baby", "bear", "beaver", "bed", "bee", "beetle", "bicycle", "bottle",
            "bowl", "boy", "bridge", "bus", "butterfly", "camel", "can", "castle", "caterpillar", "cattle",
            "chair", "chimpanzee", "clock", "cloud", "cockroach", "couch", "crab", "crocodile", "cup", "dinosaur",
            "dolphin", "elephant", "flatfish", "forest", "fox", "girl", "hamster", "house", "kangaroo", "keyboard",
            "lamp", "lawn mower", "leopard", "lion", "lizard", "lobster", "man", "maple tree", "motorcycle", "mountain",
            "mouse", "mushroom", "oak tree", "orange", "orchid", "otter", "palm tree", "pear", "pickup truck", "pine tree",
            "plain", "plate", "poppy", "porcupine", "possum", "rabbit", "raccoon", "ray", "road", "rocket",
            "rose", "sea", "seal", "shark", "shrew", "skunk", "skyscraper", "snail", "snake", "spider",
            "squirrel", "streetcar", "sunflower", "sweet pepper", "table", "tank", "telephone", "television", "tiger", "tractor",
            "train", "trout", "tulip", "turtle", "wardrobe", "whale", "willow tree", "wolf", "woman", "worm",
        ],
        new("cifar-100-binary.tar.gz", "58a81ae192c23a4be8b1804d68e518ed807d710a4eb253b1f2a199162a40d8ec", 168513733,
            ["https://www.cs.toronto.edu/~kriz/cifar-100-binary.tar.gz"]));

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

    /// <summary>Fetches the archive (161 MiB), if the folder does not have it yet.</summary>
    /// <exception cref="DownloadException">No mirror gave a good file.</exception>
    public static Task DownloadAsync(
        string folder, IProgress<DownloadProgress>? progress = null, Downloader? downloader = null,
        CancellationToken cancellation = default)
        => (downloader ?? new Downloader()).GetAsync(Files.Archive, folder, progress, cancellation);
}

using DeepNet.Data.Download;
using DeepNet.Data.Images;
using DeepNet.Data.Published;

namespace DeepNet.Data;

/// <summary>
/// Well-known data sets by one call: taken from a folder of this computer, and downloaded into it the first time. Files are checked by
/// their SHA-256, a download that broke off goes on, and without a network the error says what to put where.
/// </summary>
/// <example><code>
/// var (train, test) = Datasets.Mnist();
/// var iris = Datasets.Iris(new() { Fallback = Fallback.Synthetic });
/// </code></example>
public static class Datasets
{
    /// <summary>The environment variable that moves <see cref="Folder"/>.</summary>
    public const string FolderVariable = "DEEPNET_DATA";

    private static readonly PublishedSet<TensorDataset> iris = new(
        "Iris", "iris", [PublishedTables.Iris],
            (folder, limits) => PublishedTables.ReadIris(Path.Combine(folder, PublishedTables.Iris.Name), limits),
        () => SyntheticData.Blobs(150, 3, 4), "clouds of points");

    private static readonly PublishedSet<TensorDataset> wine = new(
        "Wine", "wine", [PublishedTables.Wine],
            (folder, limits) => PublishedTables.ReadWine(Path.Combine(folder, PublishedTables.Wine.Name), limits),
        () => SyntheticData.Blobs(178, 3, 13), "clouds of points");

    private static readonly PublishedSet<TensorDataset> californiaHousing = new(
        "California housing", "california-housing", [PublishedTables.CaliforniaHousing],
        (folder, limits) => PublishedTables.ReadCaliforniaHousing(Path.Combine(folder, PublishedTables.CaliforniaHousing.Name), limits),
        () => SyntheticData.Regression(20640, [0.8, 0.1, -0.3, 0.3, 0, -0.1, -0.9, -0.9], 2, 0.5), "random numbers");

    private static readonly RemoteFile shakespeare = new(
        "tiny-shakespeare.txt", "86c4e6aa9db7c042ec79f339dcb96d42b0075e16b8fc2e86bf0ca57e2dc565ed", 1115394,
        ["https://raw.githubusercontent.com/karpathy/char-rnn/master/data/tinyshakespeare/input.txt",
            "https://storage.googleapis.com/download.tensorflow.org/data/shakespeare.txt"]);

    private static readonly PublishedSet<string> tinyShakespeare = new(
        "Tiny Shakespeare", "tiny-shakespeare", [shakespeare],
        (folder, limits) => TextFile.Read(Path.Combine(folder, shakespeare.Name), limits),
        () => StandIns.Dialogue(1_000_000, 0), "random sentences");

    /// <summary>
    /// Gets the folder that has one for each set: that of the environment variable DEEPNET_DATA, or deepnet/datasets in the place where the
    /// system keeps what can be fetched again (XDG_CACHE_HOME or ~/.cache, ~/Library/Caches, or %LOCALAPPDATA%).
    /// </summary>
    public static string Folder => Environment.GetEnvironmentVariable(FolderVariable) is { Length: > 0 } chosen
        ? chosen : Path.Combine(Caches(), "deepnet", "datasets");

    /// <summary>MNIST: handwritten digits, 28×28 and grey, 60,000 to learn from and 10,000 to be judged by. A download of 11 MiB.</summary>
    public static (ImageDataset Train, ImageDataset Test) Mnist(DatasetOptions? options = null)
        => Idx("MNIST", "mnist", MnistKind.Digits).Get(options);

    /// <summary>Fashion-MNIST: ten kinds of clothing in the form of MNIST. A download of 30 MiB.</summary>
    public static (ImageDataset Train, ImageDataset Test) FashionMnist(DatasetOptions? options = null)
        => Idx("Fashion-MNIST", "fashion-mnist", MnistKind.Fashion).Get(options);

    /// <summary>CIFAR-10: ten classes of 32×32 pixels, 50,000 to learn from and 10,000 to be judged by. A download of 162 MiB.</summary>
    public static (ImageDataset Train, ImageDataset Test) Cifar10(DatasetOptions? options = null)
        => Cifar("CIFAR-10", "cifar-10", Data.Cifar10.Files).Get(options);

    /// <summary>CIFAR-100: a hundred classes in the form of CIFAR-10. A download of 161 MiB.</summary>
    public static (ImageDataset Train, ImageDataset Test) Cifar100(DatasetOptions? options = null)
        => Cifar("CIFAR-100", "cifar-100", Data.Cifar100.Files).Get(options);

    /// <summary>Fisher's irises: 150 flowers of three kinds, four measures each, as UCI has them: x (150, 4), y the kind.</summary>
    public static TensorDataset Iris(DatasetOptions? options = null) => iris.Get(options);

    /// <summary>Wine: 178 wines of three growers, thirteen measures each: x (178, 13), y the grower.</summary>
    public static TensorDataset Wine(DatasetOptions? options = null) => wine.Get(options);

    /// <summary>
    /// California housing: 20,640 districts of 1990, as scikit-learn has them: x (20640, 8), y (20640, 1) the median value of a house in
    /// 100,000 dollars.
    /// </summary>
    public static TensorDataset CaliforniaHousing(DatasetOptions? options = null) => californiaHousing.Get(options);

    /// <summary>Tiny Shakespeare: 1,115,394 characters of his plays, for models of characters.</summary>
    public static string TinyShakespeare(DatasetOptions? options = null) => tinyShakespeare.Get(options);

    private static PublishedSet<(ImageDataset Train, ImageDataset Test)> Idx(string name, string folder, MnistKind kind)
        => new(
            name, folder, MnistFiles.Of(kind).Published,
            (at, limits) => (Data.Mnist.Load(at, true, kind, limits), Data.Mnist.Load(at, false, kind, limits)),
            () => (SyntheticData.Digits(6000, 0), SyntheticData.Digits(1000, 1)), "6,000 and 1,000 digits drawn on the spot")
        {
            IsIn = at => Data.Mnist.IsIn(at, kind),
        };

    private static PublishedSet<(ImageDataset Train, ImageDataset Test)> Cifar(string name, string folder, CifarFiles files)
        => new(
            name, folder, [files.Archive], (at, limits) => (files.Load(at, true, limits), files.Load(at, false, limits)),
            () => (StandIns.Stripes(5000, files.Classes, 0), StandIns.Stripes(1000, files.Classes, 1)),
            "5,000 and 1,000 pictures of stripes")
        {
            IsIn = files.AreIn,
        };

    private static string Caches()
    {
        if (OperatingSystem.IsWindows()) return Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData);
        if (Environment.GetEnvironmentVariable("XDG_CACHE_HOME") is { Length: > 0 } named && Path.IsPathRooted(named)) return named;
        string home = Environment.GetFolderPath(Environment.SpecialFolder.UserProfile);
        return home.Length == 0 ? Path.GetTempPath() : Path.Combine(home, OperatingSystem.IsMacOS() ? "Library/Caches" : ".cache");
    }
}

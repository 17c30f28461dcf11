using DeepNet.Data;
using Digits = DeepNet.Data.Mnist;

namespace DeepNet.Samples.Mnist;

/// <summary>
/// Where the images come from: a folder, else MNIST, which is downloaded, else the made digits that lie beside the program.
/// </summary>
internal sealed record Source(string Name, string Folder)
{
    /// <summary>
    /// What the training part was measured to have; known once it was loaded. Whoever uses the network brings images to it as well.
    /// </summary>
    public (double Mean, double Std) Measured { get; private set; }

    private static string Cache
        => Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".cache", "deepnet", "mnist");
    private static string Beside => Path.Combine(AppContext.BaseDirectory, "digits");

    /// <summary>Chooses, and says which and why; null after an error, which was told.</summary>
    public static async Task<Source?> FindAsync(string? asked, bool mayDownload, Action<string> say)
    {
        switch (asked)
        {
            case "digits":
                return Chosen(new("digits", Beside), "the made digits", say);
            case null or "mnist" when Digits.IsIn(Cache):
                return Chosen(new("mnist", Cache), "MNIST, downloaded before", say);
            case null when !mayDownload:
                return Chosen(new("digits", Beside), "the made digits, since MNIST was not downloaded before and is not to be", say);
            case null:
                return await Download.TryQuicklyAsync(Cache)
                    ? Chosen(new("mnist", Cache), "MNIST, just downloaded", say)
                    : Chosen(new("digits", Beside), "the made digits, since MNIST could not be downloaded (--data mnist says why)", say);
            case "mnist":
                return await Download.TryAsync(Cache) ? Chosen(new("mnist", Cache), "MNIST, just downloaded", say) : null;
            default:
                if (Digits.IsIn(asked))
                    return Chosen(
                        new(Path.GetFileName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(asked))), asked),
                        "the folder that was asked for", say);
                string wrong = Directory.Exists(asked)
                    ? "does not have MNIST's four files, train-images-idx3-ubyte.gz and so on"
                    : "is no folder";
                Console.Error.WriteLine($"Mnist: {Path.GetFullPath(asked)} {wrong}. --data mnist downloads them.");
                return null;
        }
    }

    /// <summary>
    /// The images of a part, brought to a mean of 0 and a standard deviation of 1 by what is known of the training part.
    /// </summary>
    public ImageDataset Load(bool train)
    {
        var images = Digits.Load(Folder, train);
        if (train)
        {
            var (mean, std) = images.Measure();
            Measured = (mean[0], std[0]);
        }
        return images.Normalize([Measured.Mean], [Measured.Std]);
    }

    private static Source Chosen(Source source, string why, Action<string> say)
    {
        say($"Data: {why} ({source.Folder})");
        return source;
    }
}

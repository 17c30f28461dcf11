using System.Globalization;

namespace DeepNet.Samples.Embedding;

/// <summary>Gets a model from wherever there is one.</summary>
internal static class Startup
{
    /// <summary>What samples/Mnist leaves.</summary>
    public static string Found { get; } = Path.Combine("runs", "mnist", "model.safetensors");

    // What this program leaves, so that its second start is at once.
    private static string Own { get; } = Path.Combine("runs", "embedding", "model.safetensors");

    /// <summary>Finds a file with a model, or trains one, and makes sure that it can be loaded.</summary>
    public static (string Path, string Description) FindModel(string? asked, Action<string> say, CancellationToken cancellation)
    {
        if (asked is not null && !File.Exists(asked))
            throw new FileNotFoundException($"there is no file {Path.GetFullPath(asked)}. samples/Mnist writes one: {Found}.");
        if ((asked ?? ((string[])[Found, Own]).FirstOrDefault(File.Exists)) is { } path)
        {
            var loaded = DigitModel.Load(path);
            say($"Model: {path}, {loaded.Description}.");
            return (path, loaded.Description);
        }
        say($"There is no {Found} here: a small network is trained now on the made digits, which takes a few seconds.");
        var made = SmallTraining.Run(Digits.Folder, say, cancellation);
        made.SaveNetwork(Own);
        say(string.Create(CultureInfo.InvariantCulture, $"Saved as {Own}."));
        return (Own, made.Description);
    }

    /// <summary>What is wrong with addresses to listen on; null if nothing.</summary>
    public static string? WrongUrl(string urls)
    {
        foreach (string url in urls.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            // A star stands for every address of the machine, which a Uri does not know.
            string known = url.Replace("//*", "//localhost", StringComparison.Ordinal)
                .Replace("//+", "//localhost", StringComparison.Ordinal);
            if (!Uri.TryCreate(known, UriKind.Absolute, out var uri) || uri.Scheme != Uri.UriSchemeHttp)
                return $"--urls takes addresses such as http://127.0.0.1:5080, not '{url}'.";
        }
        return urls.Trim(' ', ';').Length == 0 ? "--urls takes at least one address, such as http://127.0.0.1:5080." : null;
    }
}

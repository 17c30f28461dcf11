using System.Security.Cryptography;
using DeepNet.IO;

namespace DeepNet.Data.Download;

/// <summary>
/// Fetches published files. A file appears under its name only when it is whole and its SHA-256, where known, is right; until then it is a
/// .part beside it, which the next attempt, of this process or a later one, goes on with.
/// </summary>
/// <param name="client">The HTTP client; one that all downloaders share if left out.</param>
public sealed class Downloader(HttpClient? client = null)
{
    private static readonly HttpClient Shared = new() { Timeout = Timeout.InfiniteTimeSpan };     // StallTimeout watches instead

    private readonly HttpClient client = client ?? Shared;

    /// <summary>Gets the number of attempts for each mirror.</summary>
    public int Attempts { get; init; } = 3;

    /// <summary>Gets the time to wait after all mirrors failed; doubled each time.</summary>
    public TimeSpan Pause { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>Gets the time after which a mirror that sends nothing is given up.</summary>
    public TimeSpan StallTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Gets a file into a folder, unless the folder has it already.</summary>
    /// <param name="file">The file.</param>
    /// <param name="folder">The folder; made if it does not exist.</param>
    /// <param name="progress">Receives every piece.</param>
    /// <param name="cancellation">Stops; what came so far stays as a .part.</param>
    /// <returns>The path of the file.</returns>
    /// <exception cref="DownloadException">No mirror gave a good file.</exception>
    public async Task<string> GetAsync(
        RemoteFile file, string folder, IProgress<DownloadProgress>? progress = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(file);
        ArgumentException.ThrowIfNullOrEmpty(folder);
        folder = Path.GetFullPath(folder);
        string path = Path.GetFullPath(Path.Combine(folder, file.Name));
        if (Path.GetRelativePath(folder, path) is var inside && (inside == "." || inside.StartsWith("..", StringComparison.Ordinal))
            || Path.IsPathRooted(inside))
            throw new ArgumentException($"[download] '{file.Name}' is no name of a file in the folder.", nameof(file));
        FileSystem.Current.CreateFolder(Path.GetDirectoryName(path)!);
        var failures = new List<string>();
        Exception? last = null;
        var pause = Pause;
        for (int attempt = 1; attempt <= Attempts; attempt++)
        {
            // Asked again each time: another process may have been faster.
            if (File.Exists(path) && await HasHashAsync(path, file.Sha256, cancellation).ConfigureAwait(false)) return path;
            foreach (string mirror in file.Mirrors)
            {
                try
                {
                    await new Transfer(client, file, path + ".part", StallTimeout, progress).RunAsync(mirror, cancellation)
                        .ConfigureAwait(false);
                    FileSystem.Current.Rename(path + ".part", path);
                    FileSystem.Current.SyncFolder(Path.GetDirectoryName(path)!);
                    return path;
                }
                catch (Exception e) when (e is IOException or HttpRequestException or TimeoutException)
                {
                    last = e;
                    failures.Add($"attempt {attempt}, {mirror}: {e.Message}");
                    progress?.Report(new DownloadProgress(file.Name, 0, file.Length, failures[^1]));
                }
            }
            if (attempt == Attempts) break;
            await Task.Delay(pause, cancellation).ConfigureAwait(false);
            pause *= 2;
        }
        throw new DownloadException(
            $"[download] {file.Name} could not be had.\n  {string.Join("\n  ", failures)}\nYou can put the file into "
                + $"{Path.GetDirectoryName(path)} yourself.", last);
    }

    /// <summary>Gets files into a folder, one after the other, as far as it does not have them.</summary>
    /// <param name="files">The files, such as those of a model.</param>
    /// <param name="folder">The folder; made if it does not exist.</param>
    /// <param name="progress">Receives every piece.</param>
    /// <param name="cancellation">Stops; what came so far stays.</param>
    /// <exception cref="DownloadException">No mirror gave a good file.</exception>
    /// <example><code>
    /// string repository = "sentence-transformers/all-MiniLM-L6-v2";
    /// await new Downloader().GetAllAsync(
    ///     [RemoteFile.OnHuggingFace(repository, "config.json"), RemoteFile.OnHuggingFace(repository, "model.safetensors"),
    ///         RemoteFile.OnHuggingFace(repository, "vocab.txt")], "minilm");
    /// </code></example>
    public async Task GetAllAsync(
        IEnumerable<RemoteFile> files, string folder, IProgress<DownloadProgress>? progress = null,
        CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(files);
        foreach (var file in files) await GetAsync(file, folder, progress, cancellation).ConfigureAwait(false);
    }

    internal static async Task<bool> HasHashAsync(string path, string? sha256, CancellationToken cancellation)
    {
        if (sha256 is null) return true;
        using var stream = File.OpenRead(path);
        byte[] hash = await SHA256.HashDataAsync(stream, cancellation).ConfigureAwait(false);
        return Convert.ToHexString(hash).Equals(sha256, StringComparison.OrdinalIgnoreCase);
    }
}

using DeepNet.Data.Download;

namespace DeepNet.Data.Published;

/// <summary>A data set that is published: its files, how they are read, and what stands in for it.</summary>
/// <param name="Name">The name in messages.</param>
/// <param name="Folder">The name of its folder.</param>
/// <param name="Files">Its files.</param>
/// <param name="Load">Reads them from a folder.</param>
/// <param name="StandIn">Makes a set of the same form.</param>
/// <param name="StandInIs">What that is.</param>
internal sealed record PublishedSet<T>(
    string Name, string Folder, IReadOnlyList<RemoteFile> Files, Func<string, DataLimits, T> Load, Func<T> StandIn, string StandInIs)
{
    /// <summary>Gets a test for a folder that has the files in another form, such as unpacked; none if null.</summary>
    public Func<string, bool>? IsIn { get; init; }

    public T Get(DatasetOptions? options)
    {
        options ??= new DatasetOptions();
        string folder = Path.GetFullPath(Path.Combine(options.Folder ?? Datasets.Folder, Folder));
        if (IsIn?.Invoke(folder) != true)
        {
            try
            {
                Task.Run(() => FetchAsync(folder, options)).GetAwaiter().GetResult();     // away from a caller's context
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                if (options.Fallback == Fallback.Synthetic)
                {
                    Console.Error.WriteLine(
                        $"[datasets] {Name} could not be had ({FirstLine(e)}). In its place: {StandInIs}. Figures "
                            + $"say nothing about {Name}.");
                    return StandIn();
                }
                throw new DownloadException(Message(folder, e), e);
            }
        }
        return Load(folder, options.Limits);
    }

    private async Task FetchAsync(string folder, DatasetOptions options)
    {
        var progress = options.Progress ?? new DownloadPrinter(Console.Error);
        await options.Downloader.GetAllAsync(Files, folder, progress).ConfigureAwait(false);
    }

    private string Message(string folder, Exception e)
        => $"[datasets] {Name} is not in {folder}, and could not be downloaded. {e.Message}\nWithout a network, put these files there, or "
            + $"set {Datasets.FolderVariable} to a folder whose '{Folder}' has them:\n"
            + string.Concat(Files.Select(file => $"  {file.Name} from {file.Mirrors[0]}\n"))
            + $"Or let {StandInIs} take its place: new {nameof(DatasetOptions)} {{ {nameof(DatasetOptions.Fallback)} = "
            + $"{nameof(Fallback)}.{nameof(Fallback.Synthetic)} }}.";

    private static string FirstLine(Exception e)
        => e.Message.Split('\n') is [_, var attempt, ..] ? attempt.Trim() : e.Message;
}

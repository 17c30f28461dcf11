using DeepNet.Data.Download;

namespace DeepNet.Data;

/// <summary>Specifies where <see cref="Datasets"/> keeps files, and how it fetches them.</summary>
public sealed record DatasetOptions
{
    /// <summary>Gets the folder that has one for each set; <see cref="Datasets.Folder"/> if null.</summary>
    public string? Folder { get; init; }

    /// <summary>Gets what comes in place of a set that cannot be had.</summary>
    public Fallback Fallback { get; init; }

    /// <summary>Gets the receiver of progress; null to write it to the error output.</summary>
    public IProgress<DownloadProgress>? Progress { get; init; }

    /// <summary>Gets the downloader.</summary>
    public Downloader Downloader { get; init; } = new();

    /// <summary>Gets the limits of what a file may hold.</summary>
    public DataLimits Limits { get; init; } = DataLimits.Default;
}

namespace DeepNet.Data.Download;

/// <summary>Represents the progress of a download.</summary>
/// <param name="Name">The file.</param>
/// <param name="Received">Bytes that are here, those of earlier attempts included.</param>
/// <param name="Total">Bytes in all, if known.</param>
/// <param name="Note">The event to report, if any: another mirror, another attempt.</param>
public readonly record struct DownloadProgress(string Name, long Received, long? Total, string? Note = null);

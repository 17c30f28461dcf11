namespace DeepNet.Data.Download;

/// <summary>How far a download is.</summary>
/// <param name="Name">The file.</param>
/// <param name="Received">Bytes that are here, those of earlier attempts included.</param>
/// <param name="Total">Bytes in all, if known.</param>
/// <param name="Note">What just happened, where that is worth a line: another mirror, another attempt.</param>
public readonly record struct DownloadProgress(string Name, long Received, long? Total, string? Note = null);

namespace DeepNet.Data.Download;

/// <summary>A file could not be had. The message tells what each attempt came to.</summary>
public sealed class DownloadException(string message, Exception? inner) : IOException(message, inner);

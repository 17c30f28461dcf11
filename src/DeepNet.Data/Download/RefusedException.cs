namespace DeepNet.Data.Download;

/// <summary>The exception for an answer of a mirror that cannot be the file.</summary>
internal sealed class RefusedException(string message) : IOException(message);

namespace DeepNet.Data.Download;

/// <summary>What a mirror sent cannot be the file.</summary>
internal sealed class RefusedException(string message) : IOException(message);

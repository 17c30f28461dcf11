namespace DeepNet.Fuzz;

/// <summary>A reader broke a promise; the message tells which, and how to see it again.</summary>
public sealed class FuzzException(string message, Exception? inner = null) : Exception(message, inner);

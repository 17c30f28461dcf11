namespace DeepNet.Fuzz;

/// <summary>A file was read without an error, and what was read contradicts itself or the file.</summary>
public sealed class InconsistentException(string what) : Exception(what);

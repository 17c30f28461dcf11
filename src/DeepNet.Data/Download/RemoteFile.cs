namespace DeepNet.Data.Download;

/// <summary>A file that is published in one place or more.</summary>
/// <param name="Name">The name of the file in the folder.</param>
/// <param name="Sha256">The SHA-256 of its contents, in hexadecimal. A file with another one is not accepted.</param>
/// <param name="Length">Its length in bytes, if known.</param>
/// <param name="Mirrors">The addresses to download it from; the first is tried first.</param>
public sealed record RemoteFile(string Name, string Sha256, long? Length, IReadOnlyList<string> Mirrors);

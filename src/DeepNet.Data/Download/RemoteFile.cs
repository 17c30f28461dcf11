namespace DeepNet.Data.Download;

/// <summary>A file that is published in one place or more.</summary>
/// <param name="Name">The name of the file in the folder.</param>
/// <param name="Sha256">
/// The SHA-256 of its contents, in hexadecimal. A file with another one is not accepted. Null if it is not known: then a file that is there
/// counts as right, and a download that broke off begins again, for nothing says whether its parts belong together.
/// </param>
/// <param name="Length">Its length in bytes, if known.</param>
/// <param name="Mirrors">The addresses to download it from; the first is tried first.</param>
public sealed record RemoteFile(string Name, string? Sha256, long? Length, IReadOnlyList<string> Mirrors)
{
    /// <summary>Gets a file of a model or data set on Hugging Face.</summary>
    /// <param name="repository">The owner and the name, such as <c>sentence-transformers/all-MiniLM-L6-v2</c>.</param>
    /// <param name="name">The name of the file.</param>
    /// <param name="sha256">The SHA-256, which the page of a large file shows; null if it is not known.</param>
    /// <param name="revision">The branch or commit. A commit's files never change.</param>
    public static RemoteFile OnHuggingFace(string repository, string name, string? sha256 = null, string revision = "main")
    {
        ArgumentException.ThrowIfNullOrEmpty(repository);
        ArgumentException.ThrowIfNullOrEmpty(name);
        ArgumentException.ThrowIfNullOrEmpty(revision);
        return new(name, sha256, null, [$"https://huggingface.co/{repository}/resolve/{revision}/{name}"]);
    }
}

namespace DeepNet.IO;

/// <summary>
/// Writes a file so that its name always holds a whole one: to a temporary file beside it, flushed to the disk, then renamed.
/// A process that dies on the way leaves the old file as it was, and a temporary one that a later write clears away.
/// </summary>
internal static class AtomicFile
{
    // Between the last byte and the new name a temporary file belongs to nobody for a moment.
    private static readonly TimeSpan Grace = TimeSpan.FromMinutes(1);

    public static void Write(string path, Action<Stream> write)
    {
        path = Target(path);
        if (Directory.Exists(path)) throw new IOException($"[save] {path} is a folder; give the name of a file.");
        string temporary = Path.Combine(Path.GetDirectoryName(path)!, $"{TemporaryStart(path)}{Guid.NewGuid().ToString("N")[..12]}.tmp");
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            using (var stream = new FileStream(temporary, FileMode.CreateNew, FileAccess.Write, FileShare.None, 1 << 16))
            {
                write(stream);
                stream.Flush(flushToDisk: true);
            }
            if (!OperatingSystem.IsWindows() && File.Exists(path)) File.SetUnixFileMode(temporary, File.GetUnixFileMode(path));
            File.Move(temporary, path, overwrite: true);
        }
        catch (Exception e)
        {
            TryDelete(temporary);
            if (e is IOException) throw new IOException(NotWritten(path, e), e);
            if (e is UnauthorizedAccessException) throw new UnauthorizedAccessException(NotWritten(path, e), e);
            throw;
        }
        CleanUp(Path.GetDirectoryName(path)!, TemporaryStart(path));
    }

    /// <summary>
    /// Deletes what processes that died left of files whose temporary names begin so. A writer that lives holds its temporary file
    /// locked, wherever it runs: process numbers would say nothing of another container that shares the folder.
    /// </summary>
    public static void CleanUp(string folder, string start)
    {
        try
        {
            foreach (var left in new DirectoryInfo(folder).EnumerateFiles("*.tmp"))
            {
                if (left.Name.StartsWith(start, StringComparison.Ordinal) && DateTime.UtcNow - left.LastWriteTimeUtc > Grace && IsUnused(left.FullName))
                    TryDelete(left.FullName);
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // What cannot be listed cannot be cleared; the file itself is safe.
        }
    }

    /// <summary>The file that a name means: through a link, what it points to.</summary>
    private static string Target(string path)
    {
        path = Path.GetFullPath(path);
        var file = new FileInfo(path);
        return file.LinkTarget is null ? path : file.ResolveLinkTarget(returnFinalTarget: true)!.FullName;
    }

    /// <summary>How the temporary names of a file begin.</summary>
    public static string TemporaryStart(string path) => $".{Path.GetFileName(path)}.";

    private static string NotWritten(string path, Exception e)
        => $"[save] {path} could not be written{(File.Exists(path) ? "; the old file is as it was" : "")}: {e.Message}";

    private static bool IsUnused(string path)
    {
        try
        {
            using var probe = new FileStream(path, FileMode.Open, FileAccess.ReadWrite, FileShare.None);
            return true;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    private static void TryDelete(string path)
    {
        try
        {
            File.Delete(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // The error that led here says more.
        }
    }
}

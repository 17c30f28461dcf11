using System.Text;

namespace DeepNet.IO;

/// <summary>
/// Writes a file so that its name always holds a whole one: to a temporary file beside it, flushed to the disk, then renamed.
/// A process that dies on the way leaves the old file as it was, and a temporary one that a later write clears away.
/// </summary>
internal static class AtomicFile
{
    private const int BufferBytes = 1 << 16;

    // What file systems allow, and what a temporary name adds to that of the file: two points, 12 digits and ".tmp".
    private const int LongestName = 255, Addition = 18;

    // Between the last byte and the new name a temporary file belongs to nobody for a moment.
    private static readonly TimeSpan Grace = TimeSpan.FromMinutes(1);

    /// <summary>
    /// Writes a file. A device, a pipe or a socket of that name is refused: a file in its place would not be what it was.
    /// </summary>
    public static void Write(string path, Action<Stream> write)
    {
        path = Target(path);
        string folder = Path.GetDirectoryName(path)!;
        string temporary = Path.Combine(folder, $"{TemporaryStart(path)}{Guid.NewGuid().ToString("N")[..12]}.tmp");
        var files = FileSystem.Current;
        bool isRenamed = false;
        try
        {
            files.CreateFolder(folder);
            WriteWhole(files, temporary, PermissionsOf(path), write);
            files.Rename(temporary, path);
            isRenamed = true;
            files.SyncFolder(folder);
        }
        catch (Exception e)
        {
            if (!isRenamed) files.TryDelete(temporary);
            string message = isRenamed
                ? $"[save] {path} was written, but its folder could not be flushed to the disk; a power failure can undo that: {e.Message}"
                : $"[save] {path} could not be written{(File.Exists(path) ? "; the old file is as it was" : "")}: {e.Message}";
            if (e is IOException) throw new IOException(message, e);
            if (e is UnauthorizedAccessException) throw new UnauthorizedAccessException(message, e);
            throw;
        }
        CleanUp(folder, TemporaryStart(path));
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
                if (left.Name.StartsWith(start, StringComparison.Ordinal) && DateTime.UtcNow - left.LastWriteTimeUtc > Grace
                    && IsUnused(left.FullName))
                    FileSystem.Current.TryDelete(left.FullName);
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // What cannot be listed cannot be cleared; the file itself is safe.
        }
    }

    /// <summary>Gets the file that a name means: through a link, what it points to.</summary>
    /// <exception cref="IOException">It is no file; nothing was changed.</exception>
    public static string Target(string path)
    {
        path = Path.GetFullPath(path);
        if (Directory.Exists(path)) throw new IOException($"[save] {path} is a folder; give the name of a file.");
        // Asked of the name as given: what /dev/stdout points to has no name that could be looked at.
        if (UnixFiles.SpecialKind(path) is { } kind)
            throw new IOException($"[save] {path} is {kind}, and only files are replaced as a whole. Save to a file, and copy that.");
        var file = new FileInfo(path);
        return file.LinkTarget is null ? path : file.ResolveLinkTarget(returnFinalTarget: true)!.FullName;
    }

    /// <summary>
    /// Gets how the temporary names of a file begin: with its own name, shortened where the whole would be longer than file systems allow.
    /// </summary>
    public static string TemporaryStart(string path)
    {
        string name = Path.GetFileName(path);
        int bytes = 0, length = 0;
        foreach (var rune in name.EnumerateRunes())
        {
            bytes += rune.Utf8SequenceLength;
            if (bytes > LongestName - Addition) break;
            length += rune.Utf16SequenceLength;
        }
        return $".{name[..length]}.";
    }

    // The buffer is not disposed: after a failure that would write what it still holds.
    private static void WriteWhole(FileSystem files, string path, UnixFileMode? permissions, Action<Stream> write)
    {
        using var file = files.Open(path, FileMode.CreateNew, FileAccess.Write, FileShare.None, permissions);
        var buffer = new BufferedStream(file, BufferBytes);
        write(buffer);
        buffer.Flush();
        files.Sync(file);
    }

    private static UnixFileMode? PermissionsOf(string path)
        => OperatingSystem.IsWindows() || !File.Exists(path) ? null : File.GetUnixFileMode(path);

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
}

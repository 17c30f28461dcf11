namespace DeepNet.IO;

/// <summary>
/// The operations by which files are written, everywhere in the library. Tests put another one in its place, in which an operation fails.
/// </summary>
internal class FileSystem
{
    private static readonly FileSystem Real = new();
    private static readonly AsyncLocal<FileSystem?> Replacement = new();

    /// <summary>
    /// Gets the file system that writers use: the real one unless <see cref="Use"/> was called before in the same flow of control.
    /// </summary>
    public static FileSystem Current => Replacement.Value ?? Real;

    /// <summary>Replaces the file system for the flow of control that calls this, and what it starts; null ends that.</summary>
    public static void Use(FileSystem? replacement) => Replacement.Value = replacement;

    /// <summary>Opens a file without a buffer of its own, so that each write of the caller is one of the file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="mode">The mode of opening.</param>
    /// <param name="access">The access.</param>
    /// <param name="share">The access that others may have meanwhile.</param>
    /// <param name="permissions">The permissions of a new file, from its first moment; the system's default if null.</param>
    public virtual Stream Open(string path, FileMode mode, FileAccess access, FileShare share, UnixFileMode? permissions = null)
    {
        var options = new FileStreamOptions { Mode = mode, Access = access, Share = share, BufferSize = 0 };
        if (permissions is null || OperatingSystem.IsWindows()) return new FileStream(path, options);
        options.UnixCreateMode = permissions;
        var file = new FileStream(path, options);
        try
        {
            File.SetUnixFileMode(file.SafeFileHandle, permissions.Value);       // the process's umask may have taken some away
            return file;
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>Flushes an open file to the disk.</summary>
    public virtual void Sync(Stream file) => ((FileStream)file).Flush(flushToDisk: true);

    /// <summary>Renames a file; one that has the new name is replaced.</summary>
    public virtual void Rename(string from, string to) => File.Move(from, to, overwrite: true);

    /// <summary>Flushes a folder to the disk: a new name outlives a power failure only then.</summary>
    public virtual void SyncFolder(string folder) => UnixFiles.SyncFolder(folder);

    public virtual void Delete(string path) => File.Delete(path);

    /// <summary>Makes a folder and those above it, unless they exist.</summary>
    public virtual void CreateFolder(string folder) => Directory.CreateDirectory(folder);

    /// <summary>Deletes a file, whose time comes again if that does not work now.</summary>
    public void TryDelete(string path)
    {
        try
        {
            Delete(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // The caller has something more important to tell, or tries again later.
        }
    }
}

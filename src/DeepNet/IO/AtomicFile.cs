namespace DeepNet.IO;

/// <summary>
/// Writes a file so that its name always holds a whole one: to a temporary file beside it, flushed to the disk, then renamed.
/// A process that dies on the way leaves the old file as it was.
/// </summary>
internal static class AtomicFile
{
    public static void Write(string path, Action<Stream> write)
    {
        path = Path.GetFullPath(path);
        string folder = Path.GetDirectoryName(path)!;
        Directory.CreateDirectory(folder);
        string temporary = Path.Combine(folder, $".{Path.GetFileName(path)}.{Environment.ProcessId}-{Guid.NewGuid():N}.tmp");
        try
        {
            using (var stream = new FileStream(temporary, FileMode.CreateNew, FileAccess.Write, FileShare.None, 1 << 16))
            {
                write(stream);
                stream.Flush(flushToDisk: true);
            }
            File.Move(temporary, path, overwrite: true);
        }
        catch
        {
            File.Delete(temporary);
            throw;
        }
    }

    /// <summary>Deletes what processes that died while writing <paramref name="path"/> left beside it.</summary>
    public static void CleanUp(string path)
    {
        path = Path.GetFullPath(path);
        string folder = Path.GetDirectoryName(path)!;
        if (!Directory.Exists(folder)) return;
        foreach (string left in Directory.EnumerateFiles(folder, $".{Path.GetFileName(path)}.*.tmp"))
        {
            // The name says who wrote it; whoever is still alive may be at it now.
            string owner = Path.GetFileName(left)[(Path.GetFileName(path).Length + 2)..];
            int dash = owner.IndexOf('-', StringComparison.Ordinal);
            if (dash > 0 && int.TryParse(owner[..dash], out int id) && id != Environment.ProcessId && !IsAlive(id)) File.Delete(left);
        }
    }

    private static bool IsAlive(int processId)
    {
        try
        {
            using var process = System.Diagnostics.Process.GetProcessById(processId);
            return !process.HasExited;
        }
        catch (ArgumentException)
        {
            return false;
        }
    }
}

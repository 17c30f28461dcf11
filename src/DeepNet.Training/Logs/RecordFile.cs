using System.Buffers;
using DeepNet.IO;

namespace DeepNet.Training.Logs;

/// <summary>
/// A file that grows by records at its end. They wait in memory until <see cref="Flush"/>, which puts all of them into the file or none:
/// what a failed write left of them is cut off again, and they wait for the next one.
/// </summary>
/// <param name="path">The file.</param>
/// <param name="beginning">
/// What a new file begins with: the first flush puts it and the records in the place of an older file. Null to go on with the file that is
/// there.
/// </param>
internal sealed class RecordFile(string path, byte[]? beginning = null)
{
    private const int MostWaiting = 1 << 24;            // bytes: more than this is given up while nothing can be written

    private readonly ArrayBufferWriter<byte> waiting = new();
    private byte[]? beginning = beginning;
    private long? whole;                                // where the last whole record ends, if a part of another may follow it
    private bool isSynced = true;
    private int refused;                                // bytes that waited at the last flush, if it failed

    /// <summary>Throws where a file could not be written, before there is anything to write; what the file holds stays.</summary>
    public static void Probe(string path) => Named(path, () =>
    {
        string target = AtomicFile.Target(path);
        FileSystem.Current.CreateFolder(Path.GetDirectoryName(target)!);
        Open(target, FileMode.OpenOrCreate).Dispose();
    });

    /// <summary>Makes the file, with its beginning; an older one is not replaced.</summary>
    public void Create() => Named(path, () =>
    {
        FileSystem.Current.CreateFolder(Path.GetDirectoryName(path)!);
        var file = Open(path, FileMode.CreateNew);
        try
        {
            using (file) file.Write(beginning);
        }
        catch
        {
            FileSystem.Current.TryDelete(path);
            throw;
        }
        (beginning, isSynced) = (null, false);
    });

    /// <summary>Returns whether more than so many bytes wait, besides those that could not be written before.</summary>
    public bool IsDue(int bytes) => waiting.WrittenCount - refused > bytes;

    /// <summary>Adds a record, which waits.</summary>
    public void Add(ReadOnlySpan<byte> record)
    {
        if (waiting.WrittenCount + record.Length <= MostWaiting) waiting.Write(record);
    }

    /// <summary>Puts what waits into the file.</summary>
    /// <param name="toDisk">True to wait until it is on the disk, as before a checkpoint that counts on it.</param>
    /// <exception cref="IOException">It could not be written, and waits.</exception>
    public void Flush(bool toDisk)
    {
        if (waiting.WrittenCount == 0 && (isSynced || !toDisk)) return;
        refused = waiting.WrittenCount;
        Named(path, () =>
        {
            if (beginning is not null) Begin(beginning);
            else Append(toDisk);
        });
        refused = 0;
    }

    private static void Named(string path, Action write)
    {
        try
        {
            write();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new IOException($"[log] {path} could not be written: {e.Message}", e);
        }
    }

    private void Begin(byte[] start)
    {
        AtomicFile.Write(path, stream =>
        {
            stream.Write(start);
            stream.Write(waiting.WrittenSpan);
        });
        beginning = null;
        waiting.ResetWrittenCount();
    }

    private void Append(bool toDisk)
    {
        using var file = Open(path, FileMode.Open);
        if (whole is { } length && file.Length > length) file.SetLength(length);
        whole = null;
        long start = file.Seek(0, SeekOrigin.End);
        try
        {
            if (waiting.WrittenCount > 0) file.Write(waiting.WrittenSpan);
            if (toDisk) FileSystem.Current.Sync(file);
        }
        catch
        {
            whole = start;
            file.SetLength(start);
            whole = null;
            throw;
        }
        waiting.ResetWrittenCount();
        isSynced = toDisk;
    }

    // Readers may look on, and delete it.
    private static Stream Open(string path, FileMode mode)
        => FileSystem.Current.Open(path, mode, FileAccess.Write, FileShare.ReadWrite | FileShare.Delete);
}

using DeepNet.IO;

namespace DeepNet.Tests.IO.Faults;

/// <summary>
/// The real file system, in which one operation fails, or that and all later writes, as on a disk that is full. A write that fails leaves
/// half of its bytes behind.
/// </summary>
/// <param name="failAt">The number of the first operation that fails, from 1; 0 for none.</param>
/// <param name="staysFull">True if everything that needs workspace fails from then on.</param>
/// <param name="concerns">The files that it can happen to; all if null.</param>
internal sealed class FaultyFileSystem(int failAt, bool staysFull, Func<string, bool>? concerns = null) : FileSystem
{
    private int operations;

    public bool StaysFull => staysFull;

    /// <summary>Gets what failed first; null if nothing did.</summary>
    public string? Failed { get; private set; }

    public override Stream Open(string path, FileMode mode, FileAccess access, FileShare share, UnixFileMode? permissions = null)
    {
        Count("open", path, needsRoom: mode is not FileMode.Open);
        return new FaultyFile(this, path, base.Open(path, mode, access, share, permissions));
    }

    // Nobody pulls the plug in a test: the disk is not waited for.
    public override void Sync(Stream file) => Count("fsync", ((FaultyFile)file).Path);

    public override void Rename(string from, string to)
    {
        Count("rename", from);
        base.Rename(from, to);
    }

    public override void SyncFolder(string folder) => Count("fsync of the folder", folder);

    public override void Delete(string path)
    {
        Count("delete", path, needsRoom: false);
        base.Delete(path);
    }

    public override void CreateFolder(string folder)
    {
        Count("make folder", folder);
        base.CreateFolder(folder);
    }

    private void Count(string what, string path, bool needsRoom = true)
    {
        if (concerns?.Invoke(path) == false) return;
        bool fails = ++operations == failAt || (staysFull && needsRoom && failAt > 0 && operations > failAt);
        if (!fails) return;
        Failed ??= $"{what} {path}";
        throw new IOException("No space left on device");
    }

    private sealed class FaultyFile(FaultyFileSystem system, string path, Stream inner) : Stream
    {
        public string Path => path;
        public override bool CanRead => inner.CanRead;
        public override bool CanSeek => inner.CanSeek;
        public override bool CanWrite => inner.CanWrite;
        public override long Length => inner.Length;

        public override long Position
        {
            get => inner.Position;
            set => inner.Position = value;
        }

        public override void Write(ReadOnlySpan<byte> buffer)
        {
            try
            {
                system.Count("write", path);
            }
            catch (IOException)
            {
                inner.Write(buffer[..(buffer.Length / 2)]);
                throw;
            }
            inner.Write(buffer);
        }

        public override void SetLength(long value)
        {
            system.Count("cut", path, needsRoom: false);
            inner.SetLength(value);
        }

        public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));
        public override int Read(byte[] buffer, int offset, int count) => inner.Read(buffer, offset, count);
        public override long Seek(long offset, SeekOrigin origin) => inner.Seek(offset, origin);
        public override void Flush() => inner.Flush();

        protected override void Dispose(bool disposing)
        {
            if (disposing) inner.Dispose();
            base.Dispose(disposing);
        }
    }
}

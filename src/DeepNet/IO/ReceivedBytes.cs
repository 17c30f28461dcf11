using System.Buffers;

namespace DeepNet.IO;

/// <summary>
/// Bytes that were read from a stream of unknown length, kept until memory is taken for them: however many it claims, no more is held
/// than came.
/// </summary>
internal sealed class ReceivedBytes : Stream
{
    private const int PieceBytes = 1 << 20;

    private readonly List<byte[]> pieces = [];
    private long position;

    /// <exception cref="EndOfStreamException">The stream has fewer bytes.</exception>
    public ReceivedBytes(Stream stream, long bytes)
    {
        Length = bytes;
        try
        {
            for (long left = bytes; left > 0; left -= PieceBytes)
            {
                pieces.Add(ArrayPool<byte>.Shared.Rent(PieceBytes));
                stream.ReadExactly(pieces[^1], 0, (int)Math.Min(PieceBytes, left));
            }
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    public override bool CanRead => true;
    public override bool CanSeek => false;
    public override bool CanWrite => false;
    public override long Length { get; }

    public override long Position
    {
        get => position;
        set => throw new NotSupportedException();
    }

    public override int Read(Span<byte> buffer)
    {
        int at = (int)(position % PieceBytes);
        int count = (int)Math.Min(Math.Min(buffer.Length, PieceBytes - at), Length - position);
        if (count > 0) pieces[(int)(position / PieceBytes)].AsSpan(at, count).CopyTo(buffer);
        position += count;
        return count;
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));
    public override void Flush() { }
    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();
    public override void SetLength(long value) => throw new NotSupportedException();
    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        foreach (byte[] piece in pieces) ArrayPool<byte>.Shared.Return(piece);
        pieces.Clear();
        base.Dispose(disposing);
    }
}

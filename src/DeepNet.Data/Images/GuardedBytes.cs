namespace DeepNet.Data.Images;

/// <summary>
/// The bytes of a file for a decoder that is not trusted to end: it may not go back, and after the end it may ask only so often.
/// </summary>
internal sealed class GuardedBytes(byte[] bytes) : Stream
{
    private const int ReadsAfterEnd = 1 << 16;

    private int at, after;

    public override bool CanRead => true;
    public override bool CanSeek => true;
    public override bool CanWrite => false;
    public override long Length => bytes.Length;

    public override long Position
    {
        get => at;
        set => Seek(value, SeekOrigin.Begin);
    }

    public override int ReadByte() => at < bytes.Length ? bytes[at++] : AtEnd() - 1;

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override int Read(Span<byte> buffer)
    {
        int count = Math.Min(buffer.Length, bytes.Length - at);
        if (count == 0) return AtEnd();
        bytes.AsSpan(at, count).CopyTo(buffer);
        at += count;
        return count;
    }

    // Only the start may be sought again: the decoder tries one format after the other.
    public override long Seek(long offset, SeekOrigin origin)
    {
        long to = origin switch
        {
            SeekOrigin.Begin => offset,
            SeekOrigin.Current => at + offset,
            _ => bytes.Length + offset,
        };
        if (to < at && to != 0) throw new InvalidDataException("a part has a negative length");
        if (to < at) AtEnd();
        return at = (int)Math.Min(to, bytes.Length);
    }

    public override void Flush()
    {
    }

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    private int AtEnd() => ++after <= ReadsAfterEnd ? 0 : throw new InvalidDataException("the file is cut off");
}

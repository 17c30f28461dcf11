using System.Buffers.Binary;

namespace DeepNet.Data.Files;

/// <summary>Reads a binary file and knows where it is. Never allocates more than there is: lengths that a file claims are only claims.</summary>
internal sealed class ByteReader(string name, Stream stream, long? length) : IDisposable
{
    private const int FirstChunk = 1 << 20;

    public long Offset { get; private set; }

    public uint ReadUInt32(string what)
    {
        Span<byte> bytes = stackalloc byte[4];
        int got = Fill(bytes);
        if (got < bytes.Length) throw Damaged(Offset, $"the file ends in {what}");
        return BinaryPrimitives.ReadUInt32BigEndian(bytes);
    }

    /// <summary>As many bytes as the file claims to have; the buffer grows with what really comes.</summary>
    public byte[] ReadBytes(long count, string what)
    {
        if (length is { } whole && whole - Offset < count)
            throw Damaged(Offset, $"{what} should take {count} bytes, and {whole - Offset} follow. The file is cut off, or its header is wrong");
        if (count > Array.MaxLength) throw Damaged(Offset, $"{what} should take {count} bytes, more than can be held at once");
        byte[] bytes = new byte[Math.Min(count, length is null ? FirstChunk : count)];
        int have = 0;
        while (have < count)
        {
            if (have == bytes.Length) Array.Resize(ref bytes, (int)Math.Min(count, 2L * have));
            int got = Fill(bytes.AsSpan(have));
            have += got;
            if (have < bytes.Length)
                throw Damaged(Offset, $"the file ends here, and {what} should take {count - have} bytes more. It is cut off, or its header is wrong");
        }
        return bytes;
    }

    /// <summary>Everything up to the end.</summary>
    public byte[] ReadToEnd(long most)
    {
        byte[] bytes = new byte[Math.Min(most, length is { } whole ? whole - Offset : FirstChunk) + 1];
        int have = 0;
        while (true)
        {
            have += Fill(bytes.AsSpan(have));
            if (have > most) throw Damaged(Offset, $"the file goes on after {most} bytes, which is more than one of its kind has");
            if (have < bytes.Length) return bytes[..have];
            Array.Resize(ref bytes, (int)Math.Min(most + 1, 2L * have));
        }
    }

    /// <summary>Checks that nothing follows; for a packed file this also checks its checksum.</summary>
    public void ExpectEnd(string what)
    {
        Span<byte> one = stackalloc byte[1];
        if (Fill(one) > 0) throw Damaged(Offset - 1, $"the file goes on after {what}");
    }

    public DataFormatException Damaged(long offset, string what, Exception? inner = null) => DataFormatException.AtByte(name, offset, what + ".", inner);

    private int Fill(Span<byte> bytes)
    {
        try
        {
            int got = stream.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false);
            Offset += got;
            return got;
        }
        catch (Exception e) when (e is InvalidDataException or EndOfStreamException)
        {
            throw Damaged(Offset, $"the compressed data is damaged ({e.Message.TrimEnd('.')})", e);
        }
    }

    public void Dispose() => stream.Dispose();
}

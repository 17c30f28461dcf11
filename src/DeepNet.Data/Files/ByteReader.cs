using System.Buffers.Binary;

namespace DeepNet.Data.Files;

/// <summary>
/// Reads the contents of a file that anybody may have made, and knows where it is. Never allocates more than there is: lengths that a file
/// claims are only claims. The one place where exceptions of decompressors become a <see cref="DataFormatException"/>, and where
/// contents end that unpack to more than the limit.
/// </summary>
internal sealed class ByteReader(string name, Stream stream, long? length, DataLimits? limits = null) : IDisposable
{
    private const int FirstChunk = 1 << 20, SkippedChunk = 1 << 14;

    private readonly long limit = length is null ? (limits ?? DataLimits.Default).MaxUnpackedBytes : long.MaxValue;

    public long Offset { get; private set; }

    /// <summary>
    /// True for exceptions by which decompressors and archives say that a file is not what they expect, as opposed to a disk that fails.
    /// </summary>
    public static bool IsDamage(Exception e) => e is not DataFormatException
        && e is InvalidDataException or EndOfStreamException or FormatException or ArithmeticException or ArgumentException
            or InvalidOperationException or NotSupportedException or IndexOutOfRangeException or KeyNotFoundException;

    public uint ReadUInt32(string what)
    {
        Span<byte> bytes = stackalloc byte[4];
        int got = Fill(bytes);
        if (got < bytes.Length) throw Damaged(Offset, $"the file ends in {what}");
        return BinaryPrimitives.ReadUInt32BigEndian(bytes);
    }

    /// <summary>
    /// Checks that a number of bytes follow, as far as that can be known, and may: false if the length of the file is not known.
    /// </summary>
    public bool Expect(long count, string what)
    {
        if (length is { } whole && whole - Offset < count)
            throw Damaged(
                Offset, $"{what} should take {count} bytes, and {whole - Offset} follow. The file is cut off, or its header is wrong");
        return count <= limit - Offset ? length is not null : throw TooLarge();
    }

    /// <summary>As many bytes as the file claims to have; the buffer grows with what really comes.</summary>
    public byte[] ReadBytes(long count, string what)
    {
        Expect(count, what);
        if (count > Array.MaxLength) throw Damaged(Offset, $"{what} should take {count} bytes, more than can be held at once");
        byte[] bytes = new byte[Math.Min(count, length is null ? FirstChunk : count)];
        int have = 0;
        while (have < count)
        {
            if (have == bytes.Length) Array.Resize(ref bytes, (int)Math.Min(count, 2L * have));
            int got = Fill(bytes.AsSpan(have));
            have += got;
            if (have < bytes.Length)
                throw Damaged(
                    Offset, $"the file ends here, and {what} should take {count - have} bytes more. It is cut off, or its header is wrong");
        }
        return bytes;
    }

    /// <summary>Everything up to the end.</summary>
    public byte[] ReadToEnd(long most = long.MaxValue)
    {
        most = Math.Min(most, Math.Min(limit, Array.MaxLength - 1));
        byte[] bytes = new byte[Math.Min(most, length is { } whole ? whole - Offset : FirstChunk) + 1];
        int have = 0;
        while (true)
        {
            have += Fill(bytes.AsSpan(have));
            if (have > most)
                throw most == limit
                    ? TooLarge()
                    : Damaged(Offset, $"the file goes on after {most} bytes, which is more than one of its kind has");
            if (have < bytes.Length) return bytes[..have];
            Array.Resize(ref bytes, (int)Math.Min(most + 1, 2L * have));
        }
    }

    /// <summary>As many bytes as are there, up to the length of a buffer.</summary>
    public int ReadUpTo(Span<byte> bytes) => Fill(bytes);

    /// <summary>Passes over bytes.</summary>
    public void Skip(long count, string what)
    {
        Span<byte> chunk = stackalloc byte[SkippedChunk];
        while (count > 0)
        {
            int want = (int)Math.Min(count, SkippedChunk), got = Fill(chunk[..want]);
            if (got < want) throw Damaged(Offset, $"the file ends in {what}. It is cut off");
            count -= got;
        }
    }

    /// <summary>Checks that nothing follows; for a packed file this also checks its checksum.</summary>
    public void ExpectEnd(string what)
    {
        Span<byte> one = stackalloc byte[1];
        if (Fill(one) > 0) throw Damaged(Offset - 1, $"the file goes on after {what}");
    }

    public DataFormatException Damaged(long offset, string what, Exception? inner = null)
        => DataFormatException.AtByte(name, offset, what + ".", inner);

    private DataFormatException TooLarge()
        => Damaged(
            Offset, $"the file unpacks to more than {limit} bytes, the limit. Raise "
                + $"{nameof(DataLimits)}.{nameof(DataLimits.MaxUnpackedBytes)} if it may be so large");

    private int Fill(Span<byte> bytes)
    {
        int got = 0;
        try
        {
            got = stream.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false);
        }
        catch (Exception e) when (IsDamage(e))
        {
            throw Damaged(Offset, $"the compressed data is damaged ({e.Message.TrimEnd('.')})", e);
        }
        Offset += got;
        return Offset <= limit ? got : throw TooLarge();
    }

    public void Dispose() => stream.Dispose();
}

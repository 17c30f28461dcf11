using System.Text;

namespace DeepNet.Data.Files;

/// <summary>
/// Reads a tar archive forwards, file by file. What headers claim is never allocated for before the bytes are there. Extended headers are
/// passed over: they are needed for names of more than 255 bytes and files of more than 8 GiB, which no data set here has.
/// </summary>
internal sealed class TarArchive(ByteReader reader)
{
    private const int BlockBytes = 512, NameBytes = 100, SizeAt = 124, SizeBytes = 12, ChecksumAt = 148, ChecksumBytes = 8, TypeAt = 156;

    private long left, padding;                          // of the contents of the present file

    /// <summary>The name of the present file, without folders.</summary>
    public string Name { get; private set; } = "";

    /// <summary>True if the present entry is a regular file; false for folders, links and headers of the format.</summary>
    public bool IsFile { get; private set; }

    /// <summary>Goes to the next entry; false at the end.</summary>
    public bool Next()
    {
        reader.Skip(left + padding, "the contents of a file of the archive");
        Span<byte> header = stackalloc byte[BlockBytes];
        long at = reader.Offset;
        int got = reader.ReadUpTo(header);
        if (got == 0 || got == BlockBytes && !header.ContainsAnyExcept((byte)0)) return false;
        if (got < BlockBytes) throw reader.Damaged(at, "the archive ends in the header of a file. It is cut off");
        if (Octal(header.Slice(ChecksumAt, ChecksumBytes)) != Sum(header))
            throw reader.Damaged(at, "the header of a file does not have the checksum it claims. This is no tar archive, or a damaged one");
        left = Octal(header.Slice(SizeAt, SizeBytes))
            ?? throw reader.Damaged(at + SizeAt, "the header of a file does not say how large it is");
        padding = (BlockBytes - left % BlockBytes) % BlockBytes;
        var name = header[..NameBytes];
        Name = Path.GetFileName(Encoding.UTF8.GetString(name[..(name.IndexOf((byte)0) is >= 0 and var end ? end : NameBytes)]));
        IsFile = header[TypeAt] is (byte)'0' or 0;
        return true;
    }

    /// <summary>The contents of the present file.</summary>
    public byte[] ReadContents(long most)
    {
        if (left > most) throw reader.Damaged(reader.Offset, $"{Name} should take {left} bytes, and a file of its kind has {most} at most");
        byte[] contents = reader.ReadBytes(left, Name);
        left = 0;
        return contents;
    }

    // The checksum counts its own field as spaces.
    private static long Sum(ReadOnlySpan<byte> header)
    {
        long sum = ChecksumBytes * ' ';
        for (int i = 0; i < BlockBytes; i++)
            if (i is < ChecksumAt or >= ChecksumAt + ChecksumBytes) sum += header[i];
        return sum;
    }

    /// <summary>A number in octal digits, with spaces before and a space or zero behind; null for anything else.</summary>
    private static long? Octal(ReadOnlySpan<byte> field)
    {
        long value = 0;
        var digits = field.Trim(" \0"u8);
        foreach (byte digit in digits)
        {
            if (digit is < (byte)'0' or > (byte)'7') return null;
            value = value << 3 | (uint)(digit - '0');
        }
        return digits.Length > 0 ? value : null;
    }
}

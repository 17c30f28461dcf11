using System.Text;
using System.Text.Unicode;
using DeepNet.Data.Files;

namespace DeepNet.Data.Csv;

/// <summary>The text of a CSV file, which can tell where a byte of it is.</summary>
internal sealed class CsvText
{
    // What Windows-1252 has in the place of control characters; 0 where it has nothing.
    private const string Windows = "€\0‚ƒ„…†‡ˆ‰Š‹Œ\0Ž\0\0‘’“”•–—˜™š›œ\0žŸ";

    public CsvText(string path, CsvOptions options)
    {
        Path = path;
        using (var reader = DataFile.At(path).Read(options.Limits)) Bytes = reader.ReadToEnd();
        if (options.Encoding is { } given)
        {
            int mark = Bytes.AsSpan().StartsWith(given.Preamble) ? given.Preamble.Length : 0;
            (Bytes, Encoding, Reason) = (ToUtf8(given, Bytes, mark), given.WebName, "given");
            return;
        }
        (Bytes, Encoding, Reason) = Bytes switch
        {
            [0xFF, 0xFE, ..] => (ToUtf8(System.Text.Encoding.Unicode, Bytes, 2), "utf-16", "the file begins with its mark"),
            [0xFE, 0xFF, ..] => (ToUtf8(System.Text.Encoding.BigEndianUnicode, Bytes, 2), "utf-16BE", "the file begins with its mark"),
            [0xEF, 0xBB, 0xBF, ..] => (Bytes[3..], "utf-8", "the file begins with its mark"),
            _ => (Bytes, "utf-8", Bytes.AsSpan().ContainsAnyInRange((byte)0x80, (byte)0xFF) ? "all bytes are valid"
                : "all bytes are ASCII"),
        };
        if (Utf8.IsValid(Bytes)) return;
        if (!CanBeWindows(Bytes)) throw Damaged(FirstInvalid(), (byte)',', "the text is not UTF-8. Save it as UTF-8, or set Encoding.");
        var text = new StringBuilder(Bytes.Length);
        foreach (byte b in Bytes) text.Append(b is >= 0x80 and < 0xA0 ? Windows[b - 0x80] : (char)b);
        (Bytes, Encoding, Reason) = (System.Text.Encoding.UTF8.GetBytes(text.ToString()), "windows-1252", "the bytes are not UTF-8");
    }

    public string Path { get; }
    public byte[] Bytes { get; }

    /// <summary>Gets the name of the encoding, and why it is that.</summary>
    public string Encoding { get; }

    public string Reason { get; }

    /// <summary>Returns the error for a byte, with its line and column. In a quoted field, that is where the quotes begin.</summary>
    public DataFormatException Damaged(long offset, byte separator, string what, Exception? inner = null)
    {
        int line = 1, column = 1, quotedLine = 1;
        bool isQuoted = false;
        foreach (byte b in Bytes.AsSpan(0, (int)Math.Clamp(offset, 0, Bytes.Length)))
        {
            if (b == (byte)'"')
            {
                isQuoted = !isQuoted;
                quotedLine = line;
            }
            if (b == (byte)'\n') line++;
            if (isQuoted) continue;
            if (b == separator) column++;
            if (b == (byte)'\n') column = 1;
        }
        return DataFormatException.AtCell(Path, isQuoted ? quotedLine : line, column, what, inner);
    }

    private static byte[] ToUtf8(Encoding encoding, byte[] bytes, int from)
        => System.Text.Encoding.UTF8.GetBytes(encoding.GetString(bytes, from, bytes.Length - from));

    // Printable in Windows-1252, and nowhere as UTF-8 writes a letter: else it is UTF-8 that was damaged.
    private static bool CanBeWindows(byte[] bytes)
    {
        for (int at = 0; at < bytes.Length; at++)
        {
            byte b = bytes[at];
            if (b < 0x20 && b is not ((byte)'\t' or (byte)'\n' or (byte)'\r') || b == 0x7F) return false;
            if (b is >= 0x80 and < 0xA0 && Windows[b - 0x80] == 0) return false;
            if (b >= 0x80 && Rune.DecodeFromUtf8(bytes.AsSpan(at), out _, out _) == System.Buffers.OperationStatus.Done) return false;
        }
        return true;
    }

    private int FirstInvalid()
    {
        int at = 0;
        while (at < Bytes.Length && Rune.DecodeFromUtf8(Bytes.AsSpan(at), out _, out int length) == System.Buffers.OperationStatus.Done)
            at += length;
        return at;
    }
}

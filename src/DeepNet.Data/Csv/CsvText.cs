using System.Text;
using System.Text.Unicode;
using DeepNet.Data.Files;

namespace DeepNet.Data.Csv;

/// <summary>The text of a CSV file, which can tell where a byte of it is.</summary>
internal sealed class CsvText
{
    public CsvText(string path, DataLimits limits)
    {
        Path = path;
        using (var reader = DataFile.At(path).Read(limits)) Bytes = reader.ReadToEnd();
        Bytes = Bytes switch
        {
            [0xFF, 0xFE, ..] => Encoding.UTF8.GetBytes(Encoding.Unicode.GetString(Bytes, 2, Bytes.Length - 2)),
            [0xFE, 0xFF, ..] => Encoding.UTF8.GetBytes(Encoding.BigEndianUnicode.GetString(Bytes, 2, Bytes.Length - 2)),
            [0xEF, 0xBB, 0xBF, ..] => Bytes[3..],
            _ => Bytes,
        };
        if (!Utf8.IsValid(Bytes)) throw Damaged(FirstInvalid(), (byte)',', "the text is not UTF-8. Save it as UTF-8.");
    }

    public string Path { get; }
    public byte[] Bytes { get; }

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

    private int FirstInvalid()
    {
        int at = 0;
        while (at < Bytes.Length && Rune.DecodeFromUtf8(Bytes.AsSpan(at), out _, out int length) == System.Buffers.OperationStatus.Done)
            at += length;
        return at;
    }
}

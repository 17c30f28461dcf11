using System.Text;
using DeepNet.Data.Files;

namespace DeepNet.Data;

/// <summary>Reads text in UTF-8, plain or packed with gzip. What is no UTF-8 is an error that names the line.</summary>
public static class TextFile
{
    private const int ChunkBytes = 1 << 16;

    private static readonly UTF8Encoding Strict = new(false, throwOnInvalidBytes: true);

    /// <summary>Reads a file as one text, line ends as they are.</summary>
    /// <exception cref="DataFormatException">The file is no UTF-8, damaged, or exceeds a limit.</exception>
    public static string Read(string path, DataLimits? limits = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        byte[] bytes;
        using (var reader = DataFile.At(path).Read(limits)) bytes = reader.ReadToEnd();
        var text = WithoutMark(path, bytes);
        try
        {
            return Strict.GetString(text);
        }
        catch (DecoderFallbackException e)
        {
            throw Invalid(path, text[..Math.Clamp(e.Index, 0, text.Length)].Count((byte)'\n') + 1, e);
        }
    }

    /// <summary>
    /// Reads the lines of a file one by one, without their ends: a file of any size takes the memory of its longest line.
    /// </summary>
    /// <exception cref="DataFormatException">The file is no UTF-8, damaged, or exceeds a limit; the message names the line.</exception>
    public static IEnumerable<string> ReadLines(string path, DataLimits? limits = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        return Lines(path, limits ?? DataLimits.Default).Select(line => line.Text);
    }

    internal static IEnumerable<(int Number, string Text)> Lines(string path, DataLimits limits)
    {
        using var reader = DataFile.At(path).Read(limits);
        byte[] buffer = new byte[ChunkBytes];
        int have = 0, number = 1, scanned = 0;
        for (bool isAtEnd = false; !isAtEnd;)
        {
            int got = reader.ReadUpTo(buffer.AsSpan(have));
            isAtEnd = got < buffer.Length - have;
            have += got;
            int from = 0;
            for (int end; (end = buffer.AsSpan(scanned, have - scanned).IndexOf((byte)'\n')) >= 0; number++)
            {
                end += scanned;
                yield return (number, Decode(path, number, buffer.AsSpan(from, end - from)));
                scanned = from = end + 1;
            }
            buffer.AsSpan(from, have - from).CopyTo(buffer);
            scanned = have -= from;
            if (have > limits.MaxLineBytes)
                throw DataFormatException.AtLine(
                    path, number, $"the line has more than {limits.MaxLineBytes} bytes, the limit. Raise {nameof(DataLimits)}."
                        + $"{nameof(DataLimits.MaxLineBytes)} if it may be so long.");
            if (have == buffer.Length) Array.Resize(ref buffer, checked(2 * have));
        }
        if (have > 0) yield return (number, Decode(path, number, buffer.AsSpan(0, have)));
    }

    private static string Decode(string path, int number, ReadOnlySpan<byte> line)
    {
        if (number == 1) line = WithoutMark(path, line);
        if (line is [.., (byte)'\r']) line = line[..^1];
        try
        {
            return Strict.GetString(line);
        }
        catch (DecoderFallbackException e)
        {
            throw Invalid(path, number, e);
        }
    }

    private static ReadOnlySpan<byte> WithoutMark(string path, ReadOnlySpan<byte> text) => text switch
    {
        [0xFF, 0xFE, ..] or [0xFE, 0xFF, ..] => throw DataFormatException.AtLine(path, 1, "the text is UTF-16. Save it as UTF-8."),
        [0xEF, 0xBB, 0xBF, ..] => text[3..],
        _ => text,
    };

    private static DataFormatException Invalid(string path, int line, Exception e)
        => DataFormatException.AtLine(path, line, "the text is not UTF-8. Save it as UTF-8.", e);
}

using DeepNet.IO;

namespace DeepNet.Data;

/// <summary>A file of data is not as it should be. The message says where: file, line and column, or the offset in bytes.</summary>
public sealed class DataFormatException : FormatException
{
    private DataFormatException(string message, string path, Exception? inner) : base(Printable.Text(message), inner) => Path = path;

    /// <summary>The file.</summary>
    public string Path { get; }

    /// <summary>The line of a text file, from 1.</summary>
    public int? Line { get; private init; }

    /// <summary>The column of a table, from 1: which field of the line, not which character.</summary>
    public int? Column { get; private init; }

    /// <summary>The byte of a binary file, from 0; of its contents, if it is compressed.</summary>
    public long? Offset { get; private init; }

    internal static DataFormatException AtByte(string path, long offset, string what, Exception? inner = null)
        => new($"{path}, byte {offset}: {what}", path, inner) { Offset = offset };

    internal static DataFormatException AtCell(string path, int line, int column, string what, Exception? inner = null)
        => new($"{path}({line},{column}): {what}", path, inner) { Line = line, Column = column };

    internal static DataFormatException AtLine(string path, int line, string what, Exception? inner = null)
        => new($"{path}({line}): {what}", path, inner) { Line = line };
}

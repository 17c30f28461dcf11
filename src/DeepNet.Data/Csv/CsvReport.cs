using System.Globalization;
using System.Text;
using DeepNet.IO;

namespace DeepNet.Data;

/// <summary>
/// Represents how a CSV file was understood, and why. <c>Console.WriteLine(table.Report)</c> shows it.
/// </summary>
public sealed record CsvReport
{
    /// <summary>Gets the file.</summary>
    public required string Path { get; init; }

    /// <summary>Gets the name of the encoding of the text.</summary>
    public required string Encoding { get; init; }

    /// <summary>Gets the reason for that encoding.</summary>
    public required string EncodingReason { get; init; }

    /// <summary>Gets the character between cells.</summary>
    public required char Separator { get; init; }

    /// <summary>Gets the reason for that separator.</summary>
    public required string SeparatorReason { get; init; }

    /// <summary>Gets the mark before the fraction of a number.</summary>
    public required char DecimalMark { get; init; }

    /// <summary>Gets the reason for that mark.</summary>
    public required string DecimalMarkReason { get; init; }

    /// <summary>Gets the mark between groups of three digits, which is never guessed; null if there is none.</summary>
    public required char? GroupMark { get; init; }

    /// <summary>Gets a value that is true if the first line names the columns, as the options say.</summary>
    public required bool HasHeader { get; init; }

    /// <summary>Gets the number of rows.</summary>
    public required int Rows { get; init; }

    /// <summary>Gets what each column was found to be.</summary>
    public required IReadOnlyList<CsvColumnReport> Columns { get; init; }

    /// <summary>The report as lines of text.</summary>
    public override string ToString()
    {
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"{Printable.Line(Path)}: {Rows} rows of {Columns.Count} columns\n");
        text.Append(CultureInfo.InvariantCulture, $"  encoding      {Encoding} ({EncodingReason})\n");
        text.Append(CultureInfo.InvariantCulture, $"  separator     {Shown(Separator)} ({SeparatorReason})\n");
        text.Append(CultureInfo.InvariantCulture, $"  decimal mark  {Shown(DecimalMark)} ({Printable.Line(DecimalMarkReason)})");
        if (GroupMark is { } mark) text.Append(CultureInfo.InvariantCulture, $", {Shown(mark)} between thousands");
        text.Append(CultureInfo.InvariantCulture, $"\n  header        {(HasHeader ? "the first line" : "none")}\n");
        int width = Columns.Count == 0 ? 0 : Columns.Max(column => TableColumn.Short(column.Name).Length);
        foreach (var column in Columns)
        {
            text.Append(CultureInfo.InvariantCulture,
                $"  {TableColumn.Short(column.Name).PadRight(width)}  {column.Kind.ToString().PadRight(8)}");
            text.Append(CultureInfo.InvariantCulture, $"  {column.Different} different ({column.Reason})");
            if (column.Missing > 0)
                text.Append(CultureInfo.InvariantCulture,
                    $", {column.Missing} missing: {string.Join(" ", column.MissingMarks.Select(Quoted))}");
            text.Append('\n');
        }
        return text.ToString();
    }

    private static string Shown(char c) => c == '\t' ? "tab" : c is ' ' or '\u00a0' or '\u202f' ? "space" : c.ToString();

    private static string Quoted(string mark) => mark.Length == 0 ? "empty" : $"'{TableColumn.Short(mark)}'";
}

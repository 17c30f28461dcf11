using DeepNet.Data.Csv;

namespace DeepNet.Data;

/// <summary>A CSV file in memory, with its columns found out; <see cref="Report"/> tells how it was understood.</summary>
/// <example><code>
/// var table = CsvTable.Read("houses.csv");
/// Console.WriteLine(table.Report);
/// var (train, test) = table.Split(test: 0.2);
/// </code></example>
public sealed class CsvTable : Table
{
    private CsvTable(string path, List<TableColumn> columns, int[] lines, CsvReport report) : base(path, columns, lines) => Report = report;

    /// <summary>Gets what was given and what was found out about the file.</summary>
    public CsvReport Report { get; }

    /// <summary>Gets the character between cells, given or found out.</summary>
    public char Separator => Report.Separator;

    /// <summary>Gets the mark before the fraction of a number, given or found out.</summary>
    public char DecimalMark => Report.DecimalMark;

    /// <summary>Reads a file, plain or packed with gzip.</summary>
    /// <exception cref="DataFormatException">Something is wrong with it; the message says in which line and column.</exception>
    public static CsvTable Read(string path, CsvOptions? options = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        options ??= new CsvOptions();
        var text = new CsvText(path, options);
        var cells = CsvCells.Read(text, options);
        foreach (string name in options.Kinds.Keys)
            if (!cells.Names.ContainsKey(name)) throw Missing(path, name, cells.Names.Keys);
        var (givenDecimal, group) = CsvNumbers.Given(options);
        var guessed = cells.Names.Where(column => options.Kinds.GetValueOrDefault(column.Key, ColumnKind.Number) == ColumnKind.Number);
        string why = "given";
        char point = givenDecimal ?? CsvNumbers.Detect(guessed.Select(column => cells.Columns[column.Value]), out why);
        var numbers = new CsvNumbers(point, group);
        var columns = new List<TableColumn>();
        var reports = new List<CsvColumnReport>();
        foreach (var (name, i) in cells.Names)
        {
            var (column, report) = ColumnReader.Read(path, name, i + 1, cells.Columns[i], cells.Lines, numbers, options);
            columns.Add(column);
            reports.Add(report);
        }
        return new CsvTable(path, columns, [.. cells.Lines], new CsvReport
        {
            Path = path, Encoding = text.Encoding, EncodingReason = text.Reason, Separator = cells.Separator,
            SeparatorReason = options.Separator is null ? "found in the first lines" : "given",
            DecimalMark = point, DecimalMarkReason = why,
            GroupMark = group, HasHeader = options.HasHeader, Rows = cells.Lines.Count, Columns = reports,
        });
    }

    /// <inheritdoc/>
    public override string ToString()
        => $"{base.ToString()[..^1]}{(DecimalMark == '.' ? "" : $", with the decimal mark '{DecimalMark}'")})";
}

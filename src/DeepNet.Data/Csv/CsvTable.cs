using DeepNet.Data.Csv;

namespace DeepNet.Data;

/// <summary>A CSV file in memory, with its columns found out. A <see cref="CsvEncoder"/> makes tensors of it.</summary>
/// <example><code>
/// var (train, test) = CsvTable.Read("houses.csv").Split(test: 0.2);
/// var encoder = CsvEncoder.Fit(train, new() { Target = "price", Missing = MissingRule.Median });
/// var (trainSet, testSet) = (encoder.Encode(train), encoder.Encode(test));
/// </code></example>
public sealed class CsvTable
{
    private const int MostNamed = 20;

    private readonly OrderedDictionary<string, CsvColumn> columns;
    private readonly int[] lines, rows;

    private CsvTable(string path, char separator, char decimalMark, OrderedDictionary<string, CsvColumn> columns, int[] lines, int[] rows)
    {
        (Path, Separator, DecimalMark, this.columns, this.lines, this.rows) = (path, separator, decimalMark, columns, lines, rows);
        Columns = [.. columns.Values];
    }

    /// <summary>The file.</summary>
    public string Path { get; }

    /// <summary>The columns, in the order of the file.</summary>
    public IReadOnlyList<CsvColumn> Columns { get; }

    /// <summary>Gets the character between cells, given or found out.</summary>
    public char Separator { get; }

    /// <summary>Gets the mark before the fraction of a number, given or found out.</summary>
    public char DecimalMark { get; }

    /// <summary>Gets the number of rows.</summary>
    public int Count => rows.Length;

    /// <summary>Reads a file, plain or packed with gzip.</summary>
    /// <exception cref="DataFormatException">Something is wrong with it; the message says in which line and column.</exception>
    public static CsvTable Read(string path, CsvOptions? options = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        options ??= new CsvOptions();
        var cells = CsvCells.Read(new CsvText(path, options.Limits), options);
        foreach (string name in options.Kinds.Keys)
            if (!cells.Names.ContainsKey(name)) throw Missing(path, name, cells.Names.Keys);
        var guessed = cells.Names.Where(column => options.Kinds.GetValueOrDefault(column.Key, ColumnKind.Number) == ColumnKind.Number);
        var numbers = new CsvNumbers(options.DecimalMark ?? CsvNumbers.Detect(guessed.Select(column => cells.Columns[column.Value])));
        var columns = new OrderedDictionary<string, CsvColumn>(cells.Names.Count);
        foreach (var (name, i) in cells.Names)
            columns.Add(name, ColumnReader.Read(path, name, i + 1, cells.Columns[i], cells.Lines, numbers, options));
        return new CsvTable(
            path, cells.Separator, numbers.DecimalMark, columns, [.. cells.Lines], [.. Enumerable.Range(0, cells.Lines.Count)]);
    }

    /// <summary>The table with some of its rows only. Nothing is copied.</summary>
    public CsvTable Rows(params ReadOnlySpan<int> chosen)
    {
        var kept = new int[chosen.Length];
        for (int i = 0; i < kept.Length; i++)
            kept[i] = (uint)chosen[i] < (uint)Count
                ? rows[chosen[i]]
                : throw new ArgumentOutOfRangeException(nameof(chosen), $"[csv] there is no row {chosen[i]} in a table of {Count}.");
        return new CsvTable(Path, Separator, DecimalMark, columns, lines, kept);
    }

    /// <summary>Two tables with the rows divided at random.</summary>
    /// <param name="test">The share of the second, between 0 and 1.</param>
    /// <param name="seed">Equal seeds divide equally.</param>
    public (CsvTable Train, CsvTable Test) Split(double test = 0.2, ulong seed = 0)
    {
        if (!(test is > 0 and < 1))
            throw new ArgumentOutOfRangeException(nameof(test), $"[split] the test part is a share between 0 and 1, not {test}.");
        int[] order = DrawKey.FromSeed(seed).Generator().Permutation(Count);
        int held = (int)Math.Round(test * order.Length);
        return (Rows(order.AsSpan(held)), Rows(order.AsSpan(0, held)));
    }

    /// <summary>
    /// All rows as a data set, standardised and encoded by themselves. Split first if some are to be held out: see
    /// <see cref="CsvEncoder.Fit"/>.
    /// </summary>
    public TensorDataset ToDataset(string target, CsvEncoding? encoding = null)
        => CsvEncoder.Fit(this, (encoding ?? new CsvEncoding()) with { Target = target }).Encode(this);

    internal ReadOnlySpan<int> RowIndices => rows;

    internal CsvColumn Column(string name) => columns.GetValueOrDefault(name) ?? throw Missing(Path, name, columns.Keys);

    internal DataFormatException At(int row, CsvColumn column, string what)
        => DataFormatException.AtCell(Path, lines[row], column.Number, $"column '{ColumnReader.Short(column.Name)}' {what}");

    private static ArgumentException Missing(string path, string name, ICollection<string> names)
        => new(
            $"[csv] {path} has no column '{name}'. It has "
                + $"{string.Join(", ", names.Take(MostNamed).Select(ColumnReader.Short))}{(names.Count > MostNamed ? "…" : "")}.");

    /// <inheritdoc/>
    public override string ToString()
        => $"CsvTable({Count} rows of "
            + $"{string.Join(", ", Columns)}{(DecimalMark == '.' ? "" : $", with the decimal mark '{DecimalMark}'")})";
}

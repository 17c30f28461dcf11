namespace DeepNet.Data;

/// <summary>Columns of numbers and categories in memory, from a file or made. A <see cref="TableEncoder"/> makes tensors of it.</summary>
/// <example><code>
/// var (train, test) = CsvTable.Read("houses.csv").Split(test: 0.2);
/// var encoder = TableEncoder.Fit(train, new() { Target = "price", Missing = MissingRule.Median });
/// var (trainSet, testSet) = (encoder.Encode(train), encoder.Encode(test));
/// </code></example>
public class Table
{
    private const int MostNamed = 20;

    private readonly OrderedDictionary<string, TableColumn> columns = [];
    private readonly int[] rows;
    private readonly int[]? lines;

    /// <summary>A table of columns that are in memory.</summary>
    /// <param name="columns">The columns, all of the same length, with different names.</param>
    /// <param name="name">The name in errors.</param>
    public Table(IEnumerable<TableColumn> columns, string name = "table") : this(name, columns, null)
    {
    }

    /// <param name="path">The name in errors.</param>
    /// <param name="columns">The columns.</param>
    /// <param name="lines">The line of each row in the file; null where rows are counted from 1.</param>
    internal Table(string path, IEnumerable<TableColumn> columns, int[]? lines)
    {
        ArgumentNullException.ThrowIfNull(columns);
        ArgumentNullException.ThrowIfNull(path);
        (Path, this.lines) = (path, lines);
        foreach (var column in columns)
        {
            var numbered = new TableColumn(column.Name, this.columns.Count + 1, column.Kind, column.Texts, column.Numbers);
            if (!this.columns.TryAdd(column.Name, numbered))
                throw new ArgumentException($"[table] there are two columns called '{TableColumn.Short(column.Name)}'.");
        }
        Columns = [.. this.columns.Values];
        int count = Columns.Count > 0 ? Columns[0].Count : 0;
        if (Columns.FirstOrDefault(column => column.Count != count) is { } odd)
            throw new ArgumentException(
                $"[table] column '{TableColumn.Short(Columns[0].Name)}' has {count} rows and '{TableColumn.Short(odd.Name)}' has "
                    + $"{odd.Count}.");
        rows = [.. Enumerable.Range(0, count)];
    }

    private Table(Table source, int[] rows)
        => (Path, columns, lines, Columns, this.rows) = (source.Path, source.columns, source.lines, source.Columns, rows);

    /// <summary>The file, or the name.</summary>
    public string Path { get; }

    /// <summary>The columns, in order.</summary>
    public IReadOnlyList<TableColumn> Columns { get; }

    /// <summary>Gets the number of rows.</summary>
    public int Count => rows.Length;

    /// <summary>The numbers of a column, row by row; NaN where there is no value.</summary>
    /// <exception cref="ArgumentException">There is no such column, or it has no numbers.</exception>
    public double[] Numbers(string name)
    {
        var column = Column(name);
        return column.Kind == ColumnKind.Number ? Array.ConvertAll(rows, row => column.Numbers[row])
            : throw new ArgumentException($"[table] column '{TableColumn.Short(name)}' of {Path} is {column.Kind}: it has no numbers.");
    }

    /// <summary>The texts of a column of categories or to be ignored, row by row; null where there is no value.</summary>
    /// <exception cref="ArgumentException">There is no such column, or it is one of numbers.</exception>
    public string?[] Texts(string name)
    {
        var column = Column(name);
        return column.Kind != ColumnKind.Number ? Array.ConvertAll(rows, row => column.Texts[row])
            : throw new ArgumentException($"[table] column '{TableColumn.Short(name)}' of {Path} is Number: it has no texts.");
    }

    /// <summary>The table with some of its rows only. Nothing is copied.</summary>
    public Table Rows(params ReadOnlySpan<int> chosen)
    {
        var kept = new int[chosen.Length];
        for (int i = 0; i < kept.Length; i++)
            kept[i] = (uint)chosen[i] < (uint)Count
                ? rows[chosen[i]]
                : throw new ArgumentOutOfRangeException(nameof(chosen), $"[table] there is no row {chosen[i]} in a table of {Count}.");
        return new Table(this, kept);
    }

    /// <summary>Two tables with the rows divided at random.</summary>
    /// <param name="test">The share of the second, between 0 and 1.</param>
    /// <param name="seed">Equal seeds divide equally.</param>
    public (Table Train, Table Test) Split(double test = 0.2, ulong seed = 0)
    {
        if (!(test is > 0 and < 1))
            throw new ArgumentOutOfRangeException(nameof(test), $"[split] the test part is a share between 0 and 1, not {test}.");
        int[] order = DrawKey.FromSeed(seed).Generator().Permutation(Count);
        int held = (int)Math.Round(test * order.Length);
        return (Rows(order.AsSpan(held)), Rows(order.AsSpan(0, held)));
    }

    /// <summary>
    /// All rows as a data set, standardised and encoded by themselves. Split first if some are to be held out: see
    /// <see cref="TableEncoder.Fit"/>.
    /// </summary>
    public TensorDataset ToDataset(string target, TableEncoding? encoding = null)
        => TableEncoder.Fit(this, (encoding ?? new TableEncoding()) with { Target = target }).Encode(this);

    internal ReadOnlySpan<int> RowIndices => rows;

    internal TableColumn Column(string name) => columns.GetValueOrDefault(name) ?? throw Missing(Path, name, columns.Keys);

    internal DataFormatException At(int row, TableColumn column, string what)
        => DataFormatException.AtCell(
            Path, lines is null ? row + 1 : lines[row], column.Number, $"column '{TableColumn.Short(column.Name)}' {what}");

    internal static ArgumentException Missing(string path, string name, ICollection<string> names)
        => new(
            $"[table] {path} has no column '{name}'. It has "
                + $"{string.Join(", ", names.Take(MostNamed).Select(TableColumn.Short))}{(names.Count > MostNamed ? "…" : "")}.");

    /// <inheritdoc/>
    public override string ToString() => $"{GetType().Name}({Count} rows of {string.Join(", ", Columns)})";
}

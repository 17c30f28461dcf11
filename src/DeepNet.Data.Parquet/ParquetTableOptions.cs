namespace DeepNet.Data;

/// <summary>Represents the options of reading a Parquet file.</summary>
public sealed record ParquetTableOptions
{
    /// <summary>Gets the columns to read, by name, in this order; all if empty. Others are not even looked at.</summary>
    public IReadOnlyList<string> Columns { get; init; } = [];

    /// <summary>
    /// Gets the kinds of columns, by name. Others follow from their types: numbers, truth values (0 and 1) and times are numbers, texts are
    /// categories.
    /// </summary>
    public IReadOnlyDictionary<string, ColumnKind> Kinds { get; init; } = new Dictionary<string, ColumnKind>();

    /// <summary>
    /// The most categories that a column of texts may have unless its kind is given: with more it is likely a name or a key.
    /// </summary>
    public int MostCategories { get; init; } = 100;

    /// <summary>
    /// Gets the limits of what a file may hold: columns, and bytes of the columns that are read, both as the file says them and in memory.
    /// </summary>
    public DataLimits Limits { get; init; } = DataLimits.Default;
}

using System.Globalization;
using System.Text;

namespace DeepNet.Data;

/// <summary>Represents the options of reading a CSV file.</summary>
public sealed record CsvOptions
{
    /// <summary>Gets a value that is true if the first line names the columns; else they are called c1, c2….</summary>
    public bool HasHeader { get; init; } = true;

    /// <summary>Gets the separator of cells; detected if null.</summary>
    public char? Separator { get; init; }

    /// <summary>
    /// Gets the mark before the fraction of a number; found out if null. It is a comma if the file has numbers such as 1,5 and none such as
    /// 1.5, else a point. <see cref="CsvTable.DecimalMark"/> tells which it was.
    /// </summary>
    public char? DecimalMark { get; init; }

    /// <summary>
    /// Gets the mark between groups of three digits, as in 1.234,50; null if there is none: such numbers are then refused. A space stands
    /// for narrow and unbreakable ones too.
    /// </summary>
    public char? GroupMark { get; init; }

    /// <summary>
    /// Gets the culture whose marks numbers have; null if there is none. <see cref="DecimalMark"/> and <see cref="GroupMark"/> come first.
    /// </summary>
    public CultureInfo? Culture { get; init; }

    /// <summary>
    /// Gets the encoding of the text; found out if null: by the mark at its start, else UTF-8, else Windows-1252 if the bytes can be that
    /// and none of them look like UTF-8. <see cref="CsvTable.Report"/> tells which it was.
    /// </summary>
    public Encoding? Encoding { get; init; }

    /// <summary>
    /// Gets the kinds of columns, by name. Others are detected: numbers if all cells are, categories if none is. A column of both is
    /// refused, and one of numbers in another notation: its kind has to be given here.
    /// </summary>
    public IReadOnlyDictionary<string, ColumnKind> Kinds { get; init; } = new Dictionary<string, ColumnKind>();

    /// <summary>Gets the texts that stand for a missing value. Spaces around do not count.</summary>
    public IReadOnlySet<string> MissingMarks { get; init; } =
        new HashSet<string>(StringComparer.OrdinalIgnoreCase) { "", "NA", "N/A", "NaN", "null", "none", "?" };

    /// <summary>
    /// The most categories that a column may have unless its kind is given: with more it is likely a name or a key.
    /// </summary>
    public int MostCategories { get; init; } = 100;

    /// <summary>Gets the limits of what a file may hold.</summary>
    public DataLimits Limits { get; init; } = DataLimits.Default;
}

using System.Globalization;

namespace DeepNet.Data.Tables;

/// <summary>Represents what was learned of one column: its scale or its categories, and what to fill in.</summary>
internal sealed partial class Feature
{
    private readonly string? fillText;
    private readonly double fill = double.NaN;
    private readonly Dictionary<string, int> codes = [];
    private readonly TableEncoding encoding;

    public Feature(Table table, TableColumn column, TableEncoding encoding, bool isTarget)
    {
        this.encoding = encoding;
        Name = column.Name;
        IsNumber = column.Kind == ColumnKind.Number;
        var rule = isTarget ? MissingRule.Error : encoding.Missing;
        var rows = table.RowIndices;
        if (IsNumber)
        {
            var values = new List<double>();
            foreach (int row in rows)
                if (!double.IsNaN(column.Numbers[row])) values.Add(column.Numbers[row]);
            if (values.Count == 0)
                throw new ArgumentException(
                    $"[table] column '{TableColumn.Short(Name)}' of {table.Path} has no value in the {table.Count} rows to fit to.");
            double mean = values.Average();
            fill = rule switch
            {
                MissingRule.Mean => mean,
                MissingRule.Median => Median(values),
                MissingRule.MostFrequent => MostFrequent(values),
                _ => double.NaN,
            };
            if (isTarget ? !encoding.StandardizeTarget : !encoding.Standardize) return;
            Mean = mean;
            double std = Math.Sqrt(values.Average(v => (v - mean) * (v - mean)));
            Std = std > 0 ? std : 1;
            return;
        }
        var texts = new List<string>();
        foreach (int row in rows)
            if (column.Texts[row] is { } text) texts.Add(text);
        if (texts.Count == 0)
            throw new ArgumentException(
                $"[table] column '{TableColumn.Short(Name)}' of {table.Path} has no value in the {table.Count} rows to fit to.");
        foreach (string text in texts.Distinct().Order(Comparer<string>.Create(ByNumberThenText))) codes.Add(text, codes.Count);
        if (rule is MissingRule.Mean or MissingRule.Median or MissingRule.MostFrequent) fillText = MostFrequent(texts);
    }

    public string Name { get; }
    public bool IsNumber { get; }
    public double Mean { get; }
    public double Std { get; } = 1;
    public IReadOnlyList<string> Categories => [.. codes.Keys];

    /// <summary>Gets the number of inputs that it takes.</summary>
    public int Width => IsNumber || encoding.Categories == CategoryCode.Ordinal ? 1 : codes.Count;

    public IEnumerable<string> Names
        => Width == 1 && (IsNumber || encoding.Categories == CategoryCode.Ordinal) ? [Name] : codes.Keys.Select(text => $"{Name}={text}");

    public static bool IsMissing(TableColumn column, int row)
        => column.Kind == ColumnKind.Number ? double.IsNaN(column.Numbers[row]) : column.Texts[row] is null;

    public float Number(Table table, TableColumn column, int row)
    {
        double value = column.Numbers[row];
        if (double.IsNaN(value)) value = fill;
        if (double.IsNaN(value)) throw NoValue(table, column, row);
        return (float)((value - Mean) / Std);
    }

    /// <summary>The category's number; −1 for one that is not known and may be so.</summary>
    public int Code(Table table, TableColumn column, int row, bool unknownIsError)
    {
        string text = column.Texts[row] ?? fillText ?? throw NoValue(table, column, row);
        if (codes.TryGetValue(text, out int code)) return code;
        if (!unknownIsError) return -1;
        throw table.At(
            row, column,
            $"holds '{TableColumn.Short(text)}', which was not there at fitting. The categories are "
                + $"{string.Join(", ", codes.Keys.Take(20).Select(TableColumn.Short))}. Set UnknownIsError = false if that may be.");
    }

    public void Write(Table table, TableColumn column, int row, Span<float> to)
    {
        if (IsNumber)
        {
            to[0] = Number(table, column, row);
            return;
        }
        int code = Code(table, column, row, encoding.UnknownIsError);
        if (encoding.Categories == CategoryCode.Ordinal) to[0] = code;
        else if (code >= 0) to[code] = 1;
    }

    private static DataFormatException NoValue(Table table, TableColumn column, int row)
        => table.At(
            row, column,
            "has no value here. Choose what becomes of that: Missing = MissingRule.DropRow, Mean, Median or MostFrequent; a target can "
                + "only be dropped.");

    private static double Median(List<double> values)
    {
        values.Sort();
        int middle = values.Count / 2;
        return values.Count % 2 == 1 ? values[middle] : (values[middle - 1] + values[middle]) / 2;
    }

    private static T MostFrequent<T>(IEnumerable<T> values) where T : notnull
        => values.CountBy(value => value).OrderByDescending(pair => pair.Value).ThenBy(pair => pair.Key).First().Key;

    // Numbers first, 2 before 10; then texts in the order of their characters, the same on every machine.
    private static int ByNumberThenText(string a, string b)
    {
        bool isNumber = int.TryParse(a, CultureInfo.InvariantCulture, out int x),
            isOtherNumber = int.TryParse(b, CultureInfo.InvariantCulture, out int y);
        return isNumber != isOtherNumber ? (isNumber ? -1 : 1)
            : isNumber && x != y ? x.CompareTo(y)
            : string.CompareOrdinal(a, b);
    }
}

using System.Globalization;
using DeepNet.Data;

namespace DeepNet.Analysis;

/// <summary>
/// A data set as a report sees it, wherever it comes from: columns, labels, vectors to measure distances between, and pictures.
/// </summary>
internal sealed class DataColumns
{
    private const int MostPixels = 16, MostClasses = 20, MostEncoded = 50;

    private DataColumns(int count, List<Column> columns) => (Count, Columns) = (count, columns);

    public int Count { get; }

    public List<Column> Columns { get; }

    /// <summary>The class of each example; null if there are none.</summary>
    public int[]? Labels { get; private init; }

    public IReadOnlyList<string>? ClassNames { get; private init; }

    /// <summary>(N, …, height, width); null for tables.</summary>
    public Tensor? Images { get; private init; }

    /// <summary>Numbers, or texts where those are not null; NaN and null are missing.</summary>
    public sealed record Column(string Name, double[] Numbers, string?[]? Texts);

    public static DataColumns Of(Tensor x, int[]? labels, DataReportOptions options, IReadOnlyList<string>? classes = null)
    {
        ArgumentNullException.ThrowIfNull(x);
        if (x.Rank is < 2 or > 4 || x.Shape[0] == 0 || x.Count == 0)
            throw new ArgumentException(
                $"[data_report] x of shape {x.Shape} is neither a table (N, columns) nor images (N, height, width) or "
                + "(N, channels, height, width).", nameof(x));
        if (labels is not null && labels.Length != x.Shape[0])
            throw new ArgumentException($"[data_report] {labels.Length} labels for {x.Shape[0]} examples: there must be one for each.",
                nameof(labels));
        x = x.Detach();
        var columns = x.Rank == 2 ? TableColumns(x, options.ColumnNames) : ImageColumns(x.Rank == 3 ? x.Unsqueeze(1) : x);
        return new(x.Shape[0], columns)
        {
            Labels = labels,
            ClassNames = options.ClassNames ?? classes,
            Images = x.Rank == 2 ? null : Memory.Keep(x.Rank == 3 ? x.Unsqueeze(1) : x),
        };
    }

    public static DataColumns Of(IDataset data, DataReportOptions options)
    {
        ArgumentNullException.ThrowIfNull(data);
        var (x, y) = data.All();
        bool isLabelled = y.Rank == 1 && !y.DType.IsFloating() && !ReferenceEquals(x, y);
        var found = Of(x, isLabelled ? y.ToArray<int>() : null, options, (data as ImageDataset)?.Classes);
        if (!isLabelled && y.Rank == 1 && y.DType.IsFloating()) found.Columns.Add(new("target", y.Detach().ToArray<double>(), null));
        return found;
    }

    public static DataColumns Of(Table table, string? target, DataReportOptions options)
    {
        ArgumentNullException.ThrowIfNull(table);
        int[] rows = table.RowIndices.ToArray();
        var columns = new List<Column>();
        int[]? labels = null;
        IReadOnlyList<string>? classes = null;
        if (target is not null) table.Column(target);       // its error lists the columns that there are
        foreach (var column in table.Columns)
        {
            if (column.Kind == ColumnKind.Ignore) continue;
            string?[] texts = Array.ConvertAll(rows, column.Text);
            bool isCategory = column.Kind == ColumnKind.Category;
            double[] numbers = isCategory ? [] : Array.ConvertAll(rows, row => column.Numbers[row]);
            bool isClass = column.Name == target && texts.All(t => t is not null)
                && (isCategory || (numbers.All(double.IsInteger) && numbers.Distinct().Count() <= MostClasses));
            if (!isClass)
            {
                columns.Add(new(column.Name, numbers, isCategory ? texts : null));
                continue;
            }
            string[] names = [.. texts.Select(t => t!).Distinct().Order(StringComparer.Ordinal)];
            (labels, classes) = (Array.ConvertAll(texts, t => Array.IndexOf(names, t)), names);
        }
        if (rows.Length == 0) throw new ArgumentException("[data_report] the table has no rows.", nameof(table));
        return new(rows.Length, columns) { Labels = labels, ClassNames = options.ClassNames ?? classes };
    }

    public string ClassName(int label)
        => ClassNames is { } names && label >= 0 && label < names.Count ? names[label] : label.ToString(CultureInfo.InvariantCulture);

    /// <summary>
    /// Examples as vectors (N, features), float32: pixels of small pictures, or columns of deviation 1, categories as one of several.
    /// </summary>
    public Tensor Vectors()
    {
        if (Images is { } images)
        {
            var pixels = images.To(DType.Float32);
            if (images.Shape[^1] > MostPixels || images.Shape[^2] > MostPixels)
                pixels = pixels.AdaptiveAvgPool2d((Math.Min(MostPixels, images.Shape[^2]), Math.Min(MostPixels, images.Shape[^1])));
            pixels = pixels.Flatten(1);
            pixels = pixels - pixels.Mean(0);
            return pixels / pixels.Square().Mean().Sqrt().Clamp(min: 1e-12);
        }
        var features = new List<float[]>();
        foreach (var column in Columns)
        {
            if (column.Texts is { } texts)
            {
                foreach (string name in texts.OfType<string>().Distinct().Order(StringComparer.Ordinal).Take(MostEncoded))
                    features.Add(Array.ConvertAll(texts, t => t == name ? 1f : 0));
                continue;
            }
            double[] known = [.. column.Numbers.Where(double.IsFinite)];
            if (known.Length == 0) continue;
            double mean = known.Average(), deviation = Math.Sqrt(known.Average(v => (v - mean) * (v - mean)));
            // A number that is missing, or infinite, is an average one.
            features.Add(Array.ConvertAll(column.Numbers, v => deviation > 0 && double.IsFinite(v) ? (float)((v - mean) / deviation) : 0));
        }
        var result = new float[Count, Math.Max(1, features.Count)];
        for (int f = 0; f < features.Count; f++)
            for (int i = 0; i < Count; i++) result[i, f] = features[f][i];
        return Tensor.From(result);
    }

    private static List<Column> TableColumns(Tensor x, IReadOnlyList<string>? names)
    {
        if (names is not null && names.Count != x.Shape[1])
            throw new ArgumentException($"[data_report] {names.Count} names for {x.Shape[1]} columns.", nameof(names));
        var columns = x.T.ToMatrix<double>();
        return [.. Enumerable.Range(0, x.Shape[1]).Select(f => new Column(
            names?[f] ?? string.Create(CultureInfo.InvariantCulture, $"x{f}"),
            [.. Enumerable.Range(0, x.Shape[0]).Select(i => columns[f, i])], null))];
    }

    // What is seen of a picture at a glance.
    private static List<Column> ImageColumns(Tensor images)
    {
        images = images.To(DType.Float32);
        var grey = images.Mean(1);
        double[] Numbers(Tensor values) => values.ToArray<double>();
        var columns = new List<Column>
        {
            new("brightness", Numbers(grey.Mean([1, 2])), null),
            new("contrast", Numbers(grey.Std([1, 2], correction: 0)), null),
        };
        if (grey.Shape[2] > 1) columns.Add(new("sharpness", Numbers(grey.Diff(1, 2).Abs().Mean([1, 2])), null));
        if (images.Shape[1] == 3)
            foreach (var (name, channel) in new[] { ("red", 0), ("green", 1), ("blue", 2) })
                columns.Add(new(name, Numbers(images.Select(1, channel).Mean([1, 2]) - grey.Mean([1, 2])), null));
        return columns;
    }
}

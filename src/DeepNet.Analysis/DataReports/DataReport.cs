using System.Globalization;
using DeepNet.Data;

namespace DeepNet.Analysis;

/// <summary>
/// What there is to know of a data set before a model is trained on it: balance of classes, distributions, missing values, outliers,
/// correlations, near-duplicates, labels that are probably wrong, and drift to another set. Of tables and of images.
/// </summary>
/// <remarks>
/// Findings are kept back unless chance does not explain them: a clean set has none. Suspected labels are those that contradict a small
/// network which learned from other examples; where classes overlap much, some right ones will be among them.
/// </remarks>
/// <example><code>
/// var report = DataReport.Of(CsvTable.Read("houses.csv"), target: "sold");
/// foreach (var finding in report.Findings) Console.WriteLine(finding);
/// report.Save("houses.html");
/// </code></example>
public sealed partial class DataReport
{
    private readonly DataColumns data;
    private readonly DataColumns? other;
    private readonly DataReportOptions options;
    private readonly List<DataFinding> found = [];
    private readonly IReadOnlyList<DataFinding> findings;

    private DataReport(DataColumns data, DataColumns? other, DataReportOptions options, CancellationToken cancellation)
    {
        (this.data, this.other, this.options) = (data, other, options);
        Columns = [.. data.Columns.Select(Summarise)];
        Classes = data.Labels is { } labels ? CountClasses(labels) : [];
        Correlations = data.Images is null ? Correlate() : [];
        FindInClasses();
        FindInColumns();
        using (Memory.Scope())
        using (Autograd.NoGrad())
        {
            var vectors = data.Vectors();
            int[] places = Drawn();
            if (places.Length < data.Count) vectors = vectors.IndexSelect(0, Tensor.From<long>(Array.ConvertAll(places, i => (long)i)));
            Duplicates = [.. NearestExamples.Duplicates(vectors)
                .Select(d => d with { First = places[d.First], Second = places[d.Second] })];
            Suspects = data.Labels is null ? [] : Suspect(vectors, places, cancellation);
        }
        FindInExamples();
        Drift = other is null ? [] : DriftTest.Compare(data, other, options.Drift);
        foreach (var column in Drift.Where(d => d.IsDrift))
            Find(DataProblem.Drift, column.Column,
                Text($"'{column.Column}' is distributed otherwise in the other set, by {column.Difference:P0}."));
        findings = [.. found.OrderBy(f => f.Problem)];
    }

    /// <summary>Looks at a table (N, columns) or at images (N, height, width) or (N, channels, height, width).</summary>
    /// <param name="x">The examples; NaN is a missing value.</param>
    /// <param name="labels">The class of each, from 0, (N,); none if null.</param>
    /// <param name="other">Examples of another set, to look for drift.</param>
    /// <param name="options">Names and limits.</param>
    /// <param name="cancellation">Stops the training of the networks that judge labels.</param>
    public static DataReport Of(
        Tensor x, Tensor? labels = null, Tensor? other = null, DataReportOptions? options = null, CancellationToken cancellation = default)
    {
        options ??= new();
        using var off = Autograd.NoGrad();
        return new(
            DataColumns.Of(x, labels?.ToArray<int>(), options), other is null ? null : DataColumns.Of(other, null, options), options,
            cancellation);
    }

    /// <summary>Looks at a data set, whose integer targets are classes.</summary>
    /// <param name="data">The data set; all of it is brought into memory.</param>
    /// <param name="other">Another one, such as the test set, to look for drift.</param>
    /// <param name="options">Names and limits.</param>
    /// <param name="cancellation">Stops the training of the networks that judge labels.</param>
    public static DataReport Of(
        IDataset data, IDataset? other = null, DataReportOptions? options = null, CancellationToken cancellation = default)
    {
        options ??= new();
        using var off = Autograd.NoGrad();
        return new(DataColumns.Of(data, options), other is null ? null : DataColumns.Of(other, options), options, cancellation);
    }

    /// <summary>Looks at a table of numbers and categories.</summary>
    /// <param name="table">The table.</param>
    /// <param name="target">The column of classes; none if null, or if it is a number of many values.</param>
    /// <param name="other">Another table with the same columns, to look for drift.</param>
    /// <param name="options">Names and limits.</param>
    /// <param name="cancellation">Stops the training of the networks that judge labels.</param>
    public static DataReport Of(
        Table table, string? target = null, Table? other = null, DataReportOptions? options = null,
        CancellationToken cancellation = default)
    {
        options ??= new();
        return new(
            DataColumns.Of(table, target, options), other is null ? null : DataColumns.Of(other, target, options), options, cancellation);
    }

    /// <summary>Gets the number of examples.</summary>
    public int Count => data.Count;

    /// <summary>Gets what may be wrong, by kind.</summary>
    public IReadOnlyList<DataFinding> Findings => findings;

    /// <summary>Gets the classes with the number of their examples; none if there are no labels.</summary>
    public IReadOnlyList<ClassCount> Classes { get; }

    /// <summary>
    /// Gets the columns; of images brightness, contrast and sharpness, and of colour ones how much of each channel there is.
    /// </summary>
    public IReadOnlyList<ColumnSummary> Columns { get; }

    /// <summary>Gets the pairs of columns of numbers, strongest correlation first; none of images.</summary>
    public IReadOnlyList<CorrelatedColumns> Correlations { get; }

    /// <summary>Gets the pairs of examples that are nearly the same, nearest first.</summary>
    public IReadOnlyList<NearDuplicate> Duplicates { get; }

    /// <summary>Gets the examples whose labels are probably wrong, surest first.</summary>
    public IReadOnlyList<LabelSuspect> Suspects { get; }

    /// <summary>Gets how the columns differ from those of the other set; none without one.</summary>
    public IReadOnlyList<ColumnDrift> Drift { get; }

    /// <summary>Returns the findings, a line each.</summary>
    public override string ToString()
        => findings.Count == 0 ? Text($"{Count:N0} examples, nothing found.") : string.Join('\n', findings);

    private ColumnSummary Summarise(DataColumns.Column column)
    {
        if (column.Texts is { } texts)
        {
            int present = texts.Count(t => t is not null);
            ClassCount[] categories = [.. texts.Where(t => t is not null).GroupBy(t => t!).Select(g => new ClassCount(g.Key, g.Count()))
                .OrderByDescending(c => c.Count).ThenBy(c => c.Name, StringComparer.Ordinal)];
            return new(column.Name, present, Count - present, null, categories);
        }
        int known = column.Numbers.Count(v => !double.IsNaN(v));
        return new(column.Name, known, Count - known, column.Numbers.Any(double.IsFinite) ? NumberSummary.Of(column.Numbers) : null,
            column.Numbers.Any(double.IsFinite) ? null : []);
    }

    private ClassCount[] CountClasses(int[] labels)
    {
        if (labels.Any(label => label < 0))
            throw new ArgumentException("[data_report] a label is negative: classes count from 0.", nameof(labels));
        int[] counts = new int[Math.Max(labels.Max() + 1, data.ClassNames?.Count ?? 0)];
        foreach (int label in labels) counts[label]++;
        return [.. counts.Select((count, label) => new ClassCount(data.ClassName(label), count))];
    }

    private List<CorrelatedColumns> Correlate()
    {
        var numeric = data.Columns.Where((c, i) => Columns[i] is { Numbers: not null, IsConstant: false }).ToList();
        var pairs = new List<CorrelatedColumns>();
        for (int a = 0; a < numeric.Count; a++)
            for (int b = a + 1; b < numeric.Count; b++)
                pairs.Add(new(numeric[a].Name, numeric[b].Name, Correlation(numeric[a].Numbers, numeric[b].Numbers)));
        return [.. pairs.OrderByDescending(p => Math.Abs(p.Correlation))];
    }

    private static double Correlation(double[] x, double[] y)
    {
        int[] both = [.. Enumerable.Range(0, x.Length).Where(i => double.IsFinite(x[i]) && double.IsFinite(y[i]))];
        if (both.Length < 3) return 0;
        double meanX = both.Average(i => x[i]), meanY = both.Average(i => y[i]), xx = 0, yy = 0, xy = 0;
        foreach (int i in both)
        {
            double dx = x[i] - meanX, dy = y[i] - meanY;
            (xx, yy, xy) = (xx + dx * dx, yy + dy * dy, xy + dx * dy);
        }
        return xx > 0 && yy > 0 ? Math.Clamp(xy / Math.Sqrt(xx * yy), -1, 1) : 0;
    }

    // The places of the examples that are compared with each other.
    private int[] Drawn()
    {
        int[] all = [.. Enumerable.Range(0, Count)];
        if (Count <= options.MostExamples) return all;
        return [.. Tensor.RandPerm(Count, generator: new Generator(options.Seed)).ToArray<int>().Take(options.MostExamples).Order()];
    }

    private List<LabelSuspect> Suspect(Tensor vectors, int[] places, CancellationToken cancellation)
    {
        using var recording = Autograd.EnableGrad();
        int[] labels = Array.ConvertAll(places, i => data.Labels![i]);
        return [.. LabelConfidence.Suspects(vectors, labels, options, cancellation).Select(s => s with { Example = places[s.Example] })];
    }

    private void FindInClasses()
    {
        if (Classes.Count < 2) return;
        var (least, most) = (Classes.MinBy(c => c.Count)!, Classes.MaxBy(c => c.Count)!);
        if (most.Count > options.Imbalance * least.Count)
            Find(DataProblem.Imbalance, least.Name,
                Text($"Class '{least.Name}' has {least.Count:N0} examples, '{most.Name}' has {most.Count:N0}."));
    }

    private void FindInColumns()
    {
        for (int i = 0; i < Columns.Count; i++)
        {
            var column = Columns[i];
            var source = data.Columns[i];
            if (column.Missing > 0)
                Find(DataProblem.Missing, column.Name, Text($"'{column.Name}' is missing in {column.Missing:N0} of {Count:N0} examples."),
                    Enumerable.Range(0, Count).Where(e => source.Texts is { } texts ? texts[e] is null : double.IsNaN(source.Numbers[e])));
            if (column.IsConstant && Count > 1)
                Find(DataProblem.Constant, column.Name, Text($"'{column.Name}' has the same value everywhere."));
            if (column.Numbers is { Outliers.Count: > 0 } numbers)
                Find(DataProblem.Outliers, column.Name,
                    Text($"'{column.Name}' is {source.Numbers[numbers.Outliers[0]]:G4} at its farthest, where half of the numbers ")
                    + Text($"lie from {numbers.Quarter:G4} to {numbers.ThreeQuarters:G4}; outliers: {numbers.Outliers.Count:N0}."),
                    numbers.Outliers);
        }
        foreach (var pair in Correlations.TakeWhile(p => Math.Abs(p.Correlation) >= options.Correlation))
            Find(DataProblem.Correlation, $"{pair.First}, {pair.Second}",
                Text($"'{pair.First}' and '{pair.Second}' have a correlation of {pair.Correlation:F3}."));
    }

    private void FindInExamples()
    {
        if (Duplicates.Count > 0)
            Find(DataProblem.Duplicates, "", Text($"Pairs of examples that are nearly the same: {Duplicates.Count:N0}."),
                Duplicates.SelectMany(d => new[] { d.First, d.Second }).Distinct());
        if (Suspects.Count >= Math.Max(3, options.LabelNoise * Math.Min(Count, options.MostExamples)))
            Find(DataProblem.LabelNoise, "", Text($"Labels that are probably wrong: {Suspects.Count:N0}."),
                Suspects.Select(s => s.Example));
    }

    private void Find(DataProblem problem, string where, string text, IEnumerable<int>? examples = null)
        => found.Add(new(problem, where, text, [.. examples ?? []]));

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}

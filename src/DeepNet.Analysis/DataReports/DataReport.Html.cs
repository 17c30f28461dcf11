using System.Globalization;
using DeepNet.Plots;

namespace DeepNet.Analysis;

// A report as a page.
public sealed partial class DataReport
{
    private const int MostPlots = 24, MostInHeatMap = 30, MostWithValues = 12, MostRows = 30, MostBars = 10, PlotsInRow = 3;

    /// <summary>Makes a page of the report, with plots and, of images, with pictures.</summary>
    public HtmlReport ToHtml()
    {
        using var scope = Memory.Scope();
        var page = new HtmlReport(options.Title, Text($"{Count:N0} examples, {Columns.Count:N0} columns"));
        page.Section("Findings");
        if (findings.Count == 0) page.Badge(Verdict.Pass, "nothing found");
        else page.Table(["kind", "finding", "examples"],
            findings.Select(f => (string[])[f.Problem.ToString(), f.Text, Places(f.Examples)]));
        if (Classes.Count > 0)
            page.Section("Classes").Figure(
                new Plot { YLabel = "examples" }.Bar([.. Classes.Select(c => c.Name)], [.. Classes.Select(c => (double)c.Count)]));
        WriteColumns(page);
        WriteExamples(page);
        if (Drift.Count > 0) WriteDrift(page);
        return page;
    }

    /// <summary>Writes the page, whole or not at all.</summary>
    /// <param name="path">The path of the file; the folder is made if it does not exist.</param>
    public void Save(string path) => ToHtml().Save(path);

    private void WriteColumns(HtmlReport page)
    {
        page.Section("Columns");
        page.Table(["column", "missing", "mean", "deviation", "least", "median", "most", "outliers"], Columns.Select(c => c.Numbers is { } n
            ? (string[])[c.Name, Text($"{c.Missing:N0}"), Number(n.Mean), Number(n.Deviation), Number(n.Min), Number(n.Median),
                Number(n.Max), Text($"{n.Outliers.Count:N0}")]
            : [c.Name, Text($"{c.Missing:N0}"), "", "", "", "", "", ""]));
        var plots = Columns.Zip(data.Columns).Where(c => c.First.Count > 0).Take(MostPlots).Select(c => c.First.Numbers is { } numbers
            ? new Plot(c.First.Name) { Width = 300, Height = 220 }.Histogram([.. Usual(c.Second.Numbers, numbers)])
            : new Plot(c.First.Name) { Width = 300, Height = 220 }.Bar(
                [.. c.First.Categories!.Take(MostBars).Select(k => k.Name)],
                [.. c.First.Categories!.Take(MostBars).Select(k => (double)k.Count)])).ToList();
        if (plots.Count > 0) page.Figure(new PlotGrid(null, Math.Min(PlotsInRow, plots.Count), plots), "Distributions, without outliers.");
        string[] names = [.. Correlations.SelectMany(p => new[] { p.First, p.Second }).Distinct().Take(MostInHeatMap)];
        if (names.Length < 2) return;
        names = [.. data.Columns.Select(c => c.Name).Where(names.Contains)];
        bool showsValues = names.Length <= MostWithValues;
        int cell = showsValues ? 44 : 24;
        var matrix = new double[names.Length, names.Length];
        for (int i = 0; i < names.Length; i++) matrix[i, i] = 1;
        foreach (var pair in Correlations)
        {
            int a = Array.IndexOf(names, pair.First), b = Array.IndexOf(names, pair.Second);
            if (a >= 0 && b >= 0) matrix[a, b] = matrix[b, a] = Math.Round(pair.Correlation, 2);
        }
        page.Section("Correlations").Figure(
            new Plot { Width = 200 + cell * names.Length, Height = 140 + cell * names.Length, ColorMap = ColorMap.Diverging }
                .HeatMap(matrix, names, names, showsValues));
    }

    private static IEnumerable<double> Usual(IEnumerable<double> values, NumberSummary summary)
        => values.Where(v => double.IsFinite(v) && v >= summary.UsualLow && v <= summary.UsualHigh);

    private void WriteExamples(HtmlReport page)
    {
        if (Duplicates.Count > 0)
        {
            page.Section("Near-duplicates");
            var shown = Duplicates.Take(MostRows).ToList();
            page.Table(["first", "second", "distance"],
                shown.Select(d => (string[])[Text($"{d.First}"), Text($"{d.Second}"), Number(d.Distance)]),
                "Distances are in units of the median distance to the nearest example.");
            Show(page, [.. shown.SelectMany(d => new[] { d.First, d.Second })], i => Text($"{i}"));
        }
        if (Suspects.Count == 0) return;
        page.Section("Suspected labels");
        var suspects = Suspects.Take(MostRows).ToList();
        page.Table(["example", "label", "likely", "confidence"], suspects.Select(s => (string[])[
            Text($"{s.Example}"), data.ClassName(s.Given), data.ClassName(s.Likely), Text($"{s.Confidence:P1}")]));
        Show(page, [.. suspects.Select(s => s.Example)], i =>
        {
            var suspect = suspects.First(s => s.Example == i);
            return Text($"{i}: {data.ClassName(suspect.Given)}, likely {data.ClassName(suspect.Likely)}");
        });
    }

    private void Show(HtmlReport page, int[] examples, Func<int, string> caption)
    {
        if (data.Images is not { } images || images.Shape[1] is not (1 or 3)) return;
        page.Images(images.IndexSelect(0, Tensor.From<long>(Array.ConvertAll(examples, i => (long)i))), [.. examples.Select(caption)]);
    }

    private void WriteDrift(HtmlReport page)
    {
        page.Section("Drift");
        page.Table(["column", "difference", "p", ""], Drift.Select(d => (string[])[
            d.Column, Text($"{d.Difference:F3}"), Number(d.PValue), d.IsDrift ? "drift" : ""]),
            "The largest difference of the distribution functions, or half the sum of the differences of shares.");
        var plots = Drift.Where(d => d.IsDrift).Take(MostPlots).Select(d => (
            First: data.Columns.Find(c => c.Name == d.Column), Second: other!.Columns.Find(c => c.Name == d.Column)))
            .Where(pair => pair.First is { Texts: null } && pair.Second is { Texts: null })
            .Select(pair => new Plot(pair.First!.Name) { Width = 300, Height = 220 }
                .Histogram([.. Usual(pair.First.Numbers, NumberSummary.Of(pair.First.Numbers))], name: "this set", density: true)
                .Histogram([.. Usual(pair.Second!.Numbers, NumberSummary.Of(pair.Second.Numbers))], name: "the other", density: true))
            .ToList();
        if (plots.Count > 0) page.Figure(new PlotGrid(null, Math.Min(PlotsInRow, plots.Count), plots));
    }

    private static string Number(double value) => value.ToString("G4", CultureInfo.InvariantCulture);

    private static string Places(IReadOnlyList<int> examples)
    {
        const int most = 8;
        return string.Join(", ", examples.Take(most)) + (examples.Count > most ? Text($" and {examples.Count - most:N0} more") : "");
    }
}

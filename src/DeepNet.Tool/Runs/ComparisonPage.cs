using DeepNet.Plots;

namespace DeepNet.Tool.Runs;

/// <summary>Writes a comparison as a page: the table, and the curves of each figure.</summary>
internal static class ComparisonPage
{
    private const int MostNamed = 12;       // of curves in a legend

    public static void Save(Comparison comparison, string path)
    {
        var page = new HtmlReport("Training runs", $"{comparison.Runs.Count} runs, by {comparison.Metric}");
        page.Section("Table").Table(comparison.Headers, comparison.Rows);
        page.Section("Curves").Figures(comparison.Names.Select(name => ((Figure)Curves(comparison, name), (string?)null)));
        page.Save(path);
    }

    private static Plot Curves(Comparison comparison, string name)
    {
        var plot = new Plot(name) { XLabel = "epoch" };
        Run[] runs = [.. comparison.Ordered.Where(r => r.History.Names.Contains(name))];
        for (int i = 0; i < runs.Length; i++)
            plot.Line([.. runs[i].History.Epochs.Select(e => (double)e.Epoch)], runs[i].History[name], i < MostNamed ? runs[i].Name : null,
                markers: runs[i].History.Epochs.Count < 20);
        return plot;
    }
}

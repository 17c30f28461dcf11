using System.Globalization;
using DeepNet.Plots;

namespace DeepNet.Samples.FineTune;

/// <summary>The outcomes of each way, with one seed or several: as a table and as a page.</summary>
internal sealed class Results
{
    private static readonly string[] Headers = ["what is trained", "accuracy", "numbers trained", "share", "ms a step", "MiB"];

    private readonly OrderedDictionary<string, List<Outcome>> outcomes = [];

    public void Add(string name, Outcome outcome)
    {
        if (!outcomes.TryGetValue(name, out var list)) outcomes.Add(name, list = []);
        list.Add(outcome);
    }

    /// <summary>The table as text.</summary>
    public override string ToString()
    {
        string[][] rows = [Headers, .. Rows()];
        int[] widths = [.. Headers.Select((_, column) => rows.Max(row => row[column].Length))];
        return string.Join('\n', rows.Select(row => "  " + string.Join("  ",
            row.Select((cell, i) => i == 0 ? cell.PadRight(widths[i]) : cell.PadLeft(widths[i])))));
    }

    /// <summary>Writes the page.</summary>
    public void Save(string path, Pictures? first, Pictures second, Outcome? learned)
    {
        var report = new HtmlReport("Fine-tuning", first is null ? second.Name : $"From {first.Name} to {second.Name}");
        report.Section("What came of it").Table(Headers, Rows(),
            "Accuracy on test pictures; memory is what training needs beside the network itself.").Figure(Curves());
        report.Section("The pictures");
        if (first is not null && learned is not null)
            report.Paragraph($"First the network learned {first.Name}; it tells {Text(learned.Accuracy, "0.0")} % right.")
                .Images(Shown(first));
        report.Paragraph($"Then it was tuned with {second.Train.Count} pictures: {second.Name}.").Images(Shown(second));
        report.Save(path);
    }

    private IEnumerable<string[]> Rows() => outcomes.Select(way => new[]
    {
        way.Key,
        Accuracies([.. way.Value.Select(o => o.Accuracy)]),
        Text(way.Value[0].Trained, "N0"),
        Text(100 * way.Value[0].Share, "0.0#") + " %",
        Text(way.Value.Min(o => o.StepTime.TotalMilliseconds), "0.0"),
        Text(way.Value.Max(o => o.Memory) / (1024.0 * 1024), "0.0"),
    });

    private Plot Curves()
    {
        var plot = new Plot("Accuracy as the network is tuned") { XLabel = "step", YLabel = "test pictures told right, %", YMax = 100 };
        foreach (var (name, list) in outcomes)
            plot.Line([.. list[0].Points.Select(p => p.Step)],
                [.. Enumerable.Range(0, list[0].Points.Count).Select(i => list.Average(o => o.Points[i].Accuracy))], name);
        return plot;
    }

    private static Tensor Shown(Pictures pictures)
    {
        int[] places = [.. Enumerable.Range(0, Math.Min(20, pictures.Test.Count))];
        return pictures.Test.GetBatch(places).X;
    }

    private static string Accuracies(double[] all)
        => Text(all.Average(), "0.0") + " %" + (all.Length > 1 ? $" ({string.Join(" ", all.Select(a => Text(a, "0.0")))})" : "");

    private static string Text(double value, string format) => value.ToString(format, CultureInfo.InvariantCulture);
}

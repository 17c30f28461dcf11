using System.Globalization;
using DeepNet.IO;
using DeepNet.Training;

namespace DeepNet.Tool.Runs;

/// <summary>Runs beside each other, by a figure of theirs.</summary>
internal sealed record Comparison(IReadOnlyList<Run> Runs, string Metric, bool HigherIsBetter)
{
    private static readonly string[] LossNames = ["loss", "error", "perplexity"];

    /// <summary>Compares runs.</summary>
    /// <param name="runs">The runs.</param>
    /// <param name="metric">The figure; the last one of the first run that is named if null.</param>
    /// <param name="lowerIsBetter">Whether a lower one is better; as its name suggests if null.</param>
    /// <exception cref="ArgumentException">No run has a figure of that name.</exception>
    public static Comparison Of(IReadOnlyList<Run> runs, string? metric, bool? lowerIsBetter)
    {
        string[] names = [.. runs.SelectMany(r => r.History.Names).Distinct()];
        if (names.Length == 0) throw new ArgumentException("no run has finished an epoch.");
        metric ??= names.LastOrDefault(n => n.StartsWith(EpochRecord.ValidationPrefix, StringComparison.Ordinal)) ?? names[^1];
        return names.Contains(metric)
            ? new(runs, metric, !(lowerIsBetter ?? LossNames.Any(n => metric.Contains(n, StringComparison.OrdinalIgnoreCase))))
            : throw new ArgumentException($"no run has a figure '{Printable.Line(metric)}'. There are {string.Join(", ", names)}.");
    }

    /// <summary>Gets the names of all figures.</summary>
    public IReadOnlyList<string> Names => [.. Runs.SelectMany(r => r.History.Names).Distinct()];

    public IReadOnlyList<string> Headers
        => ["run", "epochs", "steps", "time", $"best {Metric}", "in epoch", .. Names.Select(n => $"last {n}")];

    /// <summary>Gets a row for each run, the best one first.</summary>
    public IReadOnlyList<IReadOnlyList<string>> Rows => [.. Ordered.Select(run =>
    {
        var (history, best) = (run.History, run.History.Best(Metric, HigherIsBetter));
        return (string[])
        [
            Printable.Line(run.Name), Whole(history.Epochs.Count), Whole(history.Last?.Step ?? 0),
            Figures.Time(history.Epochs.Sum(e => e.Seconds)),
            best is null ? "" : Figures.Text(best[Metric]), best is null ? "" : Whole(best.Epoch),
            .. Names.Select(n => history.Last is { } last && !double.IsNaN(last[n]) ? Figures.Text(last[n]) : ""),
        ];
    })];

    /// <summary>Gets the runs, the best one first; those without the figure last.</summary>
    public IEnumerable<Run> Ordered => Runs.OrderBy(
        r => r.History.Best(Metric, HigherIsBetter) is { } best ? HigherIsBetter ? -best[Metric] : best[Metric] : double.PositiveInfinity);

    public void WriteJson(TextWriter output) => Json.Write(output, json =>
    {
        json.WriteStartObject();
        json.WriteString("metric", Metric);
        json.WriteBoolean("higherIsBetter", HigherIsBetter);
        json.WriteStartArray("runs");
        foreach (var run in Ordered)
        {
            json.WriteStartObject();
            json.WriteString("run", run.Name);
            json.WriteStartArray("epochs");
            foreach (var epoch in run.History.Epochs)
            {
                json.WriteStartObject();
                json.WriteNumber("epoch", epoch.Epoch);
                json.WriteNumber("step", epoch.Step);
                json.Number("seconds", epoch.Seconds);
                json.Number("lr", epoch.LearningRate);
                foreach (var (name, value) in epoch.Values) json.Number(name, value);
                json.WriteEndObject();
            }
            json.WriteEndArray();
            json.WriteEndObject();
        }
        json.WriteEndArray();
        json.WriteEndObject();
    });

    private static string Whole(long number) => number.ToString("N0", CultureInfo.InvariantCulture);
}

using System.Globalization;
using DeepNet.Plots;

namespace DeepNet.Samples.Forecast;

/// <summary>The report.</summary>
internal static class Page
{
    public static HtmlReport Of(
        Series series, int[] origins, Windows last, IReadOnlyList<Score> scores, IReadOnlyList<ulong> seeds, double scale, string verdict)
    {
        int horizon = last.Future.Shape[1];
        bool hasEvents = series.Unrest is not null;
        var report = new HtmlReport("Forecasts", Say($"{horizon} steps ahead, from {last.Past.Shape[1]} steps of the past"))
            .Section("Result").Paragraph(verdict)
            .Table(
                ["", "mean error", "MASE", "seeds", .. hasEvents ? ["after an event", "else"] : Array.Empty<string>(),
                    "within 80 % interval", "its width"],
                scores.Select(s => (IReadOnlyList<string>)
                [
                    s.Forecaster.Name, Say($"**{s.Mae:0.00}**"), Say($"{s.Mae / scale:0.00}"),
                    s.Forecaster.IsRandom
                        ? Say($"{seeds.Min(s.MaeOf):0.00} – {seeds.Max(s.MaeOf):0.00}") : "",
                    .. hasEvents ? [Say($"{s.MaeIn(true):0.00}"), Say($"{s.MaeIn(false):0.00}")] : Array.Empty<string>(),
                    Say($"{s.Coverage:0 %}"), Say($"{s.Width:0.0}"),
                ]),
                Say($"Mean absolute errors over {origins.Length} origins and {seeds.Count} seeds. MASE is the error in parts of ")
                    + Say($"{scale:0.00}, what the value of a season before is wrong by in the first training part."))
            .Figure(ByStep(scores, horizon), "The further ahead, the less the last values help.");

        report.Section("Forecasts over the truth").Paragraph(
            "The forecast is made at the vertical line. The band is the middle 80 % of the best network. Windows are from the last origin: "
                + "nothing in them was learned from.");
        foreach (var (window, caption) in Chosen(series, last)) report.Figure(Drawn(series, last, scores, window), caption);

        report.Section("How it was compared")
            .Figure(Whole(series, origins))
            .List(
                "Each origin is an end of what may be known: all before it is learned from, and the part up to the next one is forecast, "
                    + "from every step of it. What comes in those windows is in none that was learned from.",
                "Deviations, and the quantiles of the naive forecasts, come from the training part alone.",
                "All networks get the same past and nothing else, neither the hour nor the date, and are trained for the same number of "
                    + "steps by the same loss.");
        return report;
    }

    private static Plot ByStep(IReadOnlyList<Score> scores, int horizon)
    {
        var plot = new Plot("Mean absolute error") { XLabel = "steps ahead", YMin = 0 };
        double[] steps = [.. Enumerable.Range(1, horizon).Select(i => (double)i)];
        foreach (var s in scores) plot.Line(steps, [.. steps.Select(i => s.MaeAt((int)i))], s.Forecaster.Name);
        return plot;
    }

    private static Plot Whole(Series series, int[] origins)
    {
        var plot = new Plot("The series") { XLabel = "step", Height = 260, Width = 900 }.Line([.. series.Values.Select(v => (double)v)]);
        foreach (int origin in origins) plot.VerticalLine(origin, "origin");
        return plot;
    }

    // One at a quiet step and one while an event fades, where that is known; else two a third apart.
    private static IEnumerable<(int Window, string Caption)> Chosen(Series series, Windows last)
    {
        if (series.Unrest is not { } unrest) return [(last.Count / 3, "A window."), (2 * last.Count / 3, "A later one.")];
        int calm = Enumerable.Range(0, last.Count).MinBy(i => unrest[(last.Starts[i] - 48)..(last.Starts[i] + 24)].Max());
        int shaken = Enumerable.Range(0, last.Count).MaxBy(i => unrest[last.Starts[i] - 2]);
        return [(calm, "Quiet days."), (shaken, "Two hours after an event has begun.")];
    }

    private static Plot Drawn(Series series, Windows last, IReadOnlyList<Score> scores, int window)
    {
        int start = last.Starts[window], horizon = last.Future.Shape[1], before = Math.Min(3 * horizon, last.Past.Shape[1]);
        double[] all = [.. Enumerable.Range(start - before, before + horizon).Select(t => (double)t)];
        double[] ahead = [.. Enumerable.Range(start, horizon).Select(t => (double)t)];
        var plot = new Plot { XLabel = "step", Width = 900, Height = 320, Legend = LegendPlace.Right };
        var networks = scores.Where(s => s.Forecaster.IsRandom).ToArray();
        var best = networks.MinBy(s => s.Mae)!;
        foreach (var (s, i) in networks.Select((s, i) => (s, i)))
        {
            double[] Quantile(int q) => [.. s.Last!.Select(0, window).Select(1, q).To(DType.Float64).ToArray<double>()];
            if (s == best) plot.Band(ahead, Quantile(0), Quantile(2), color: i + 1);
            plot.Line(ahead, Quantile(1), s.Forecaster.Name, color: i + 1);
        }
        return plot.Line(all, [.. all.Select(t => (double)series.Values[(int)t])], "truth", color: 0).VerticalLine(start);
    }

    private static string Say(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}

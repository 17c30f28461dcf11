using System.Globalization;
using DeepNet.Plots;
using DeepNet.Training;

namespace DeepNet.Samples.Characters;

/// <summary>The report: how the network learned, and what it wrote on the way.</summary>
internal sealed class Page(
    Settings settings, History history, int order, double counting, IReadOnlyList<TextSample> samples)
{
    private const int Points = 200;

    public void Save(string path, TimeSpan time)
    {
        double loss = history.Last!["val_loss"];
        string text = settings.Text.Value is { } file ? Path.GetFileName(file) : "Made-up tales";
        var report = new HtmlReport("A network that learns to write", text);
        report.Section("What came of it")
            .Facts(("nats a character", Number(loss)), ($"{order}-gram model", Number(counting)), ("difference", Number(counting - loss)),
                ("seconds", time.TotalSeconds.ToString("0", CultureInfo.InvariantCulture)))
            .Paragraph($"A {order}-gram model counts what followed the last {order - 1} characters. What the network gains on it comes "
                + "from what lies further back: who a tale is about, what was found, whether a quote is open.")
            .Figure(Curve(), "Both are measured on text that neither of them has seen.");
        report.Section("What it wrote");
        foreach (var sample in samples) report.Heading($"{sample}").Code(sample.Text);
        report.Save(path);
    }

    // The loss of training as means of a few steps, and that of validation after each epoch.
    private Plot Curve()
    {
        int size = Math.Max(1, history.StepLosses.Count / Points);
        double[][] means = [.. history.StepLosses.Select(l => (double)l).Chunk(size)];
        double[] steps = [.. means.Select((_, i) => (i + 0.5) * size)];
        return new Plot("Loss") { XLabel = "step", YLabel = "nats a character", YMin = 0 }
            .Line(steps, [.. means.Select(m => m.Average())], "training")
            .Line([.. history.Epochs.Select(e => (double)e.Step)], history["val_loss"], "validation")
            .HorizontalLine(counting, $"{order}-gram model");
    }

    private static string Number(double value) => value.ToString("0.000", CultureInfo.InvariantCulture);
}

using System.Globalization;
using DeepNet.Plots;

namespace DeepNet.Samples.Generate;

/// <summary>The report.</summary>
internal static class Page
{
    private const int CellSize = 40;

    public static HtmlReport Of(
        string source, Pictures real, double judged, IReadOnlyList<Learning> learnings, int? digit,
        IReadOnlyList<(string Pictures, double Accuracy)> classifiers)
    {
        var report = new HtmlReport("Made pictures", $"Three kinds of models that make digits when asked for them; {source}")
            .Section("Result")
            .Table(["model", "parameters", "steps", "seconds", "recognised", "variety"],
                learnings.Select(l => (IReadOnlyList<string>)
                [
                    l.Maker.Name, Say($"{l.Parameters:N0}"), Say($"{l.Maker.Steps:N0}"), Say($"{l.Seconds:0}"),
                    Say($"**{l.Recognised:0.0 %}**"), Say($"{l.Made!.Variety() / real.Variety():0 %}"),
                ]),
                Say($"Recognised: the share of {learnings[0].Made!.Count:N0} pictures that a classifier takes for the digit asked for. ")
                    + Say($"It learned from real pictures alone, and tells {judged:0.0 %} of real ones right that it never saw. ")
                    + "Variety: how much pictures of one digit differ, in parts of how much real ones do.")
            .Images(real.First(1).X, caption: "Real pictures.", size: CellSize);
        foreach (var l in learnings)
            report.Images(Learning.Make(l.Maker, 1, 3).X, caption: Say($"Made by {l.Maker.Name}."), size: CellSize);

        foreach (var l in learnings)
        {
            report.Section(l.Maker.Name).Paragraph(l.Maker.Summary).Heading("As it learns");
            foreach (var (step, pictures, recognised) in l.Moments)
                report.Images(pictures, caption: Say($"after {step:N0} steps; {recognised:0 %} recognised"), size: CellSize);
            report.Figures((Losses(l), null), (Recognition(l), "Of 100 pictures at each look."));
        }

        if (digit is { } d)
        {
            report.Section(Say($"Pictures of {d}"));
            foreach (var l in learnings)
                report.Images(l.Maker.Make(Tensor.Full(new Shape(20), d, DType.Int64), new Generator(4)).Clamp(0, 1), caption: l.Maker.Name,
                    size: CellSize);
        }
        report.Section("A classifier of few real and many made pictures")
            .Table(["learned from", "test part told right"],
                classifiers.Select(c => (IReadOnlyList<string>)[c.Pictures, Say($"{c.Accuracy:0.0 %}")]))
            .Paragraph("The same network, trained for the same number of steps. This is no gain out of nothing: the models saw all real "
                + "pictures and their labels. It says how much of what they saw their pictures carry on, which is a stricter question than "
                + "whether each is recognised: pictures that are all alike teach nothing.");
        return report;
    }

    private static Plot Losses(Learning l)
    {
        var plot = new Plot("Loss") { XLabel = "step", Width = 420, Height = 280 };
        for (int i = 0; i < l.Maker.Losses.Count; i++)
            plot.Line([.. l.Losses.Select(p => (double)p.Step)], [.. l.Losses.Select(p => p.Losses[i])], l.Maker.Losses[i]);
        return plot;
    }

    private static Plot Recognition(Learning l) => new Plot("Recognised")
    {
        XLabel = "step", YLabel = "%", YMin = 0, YMax = 100, Width = 420, Height = 280,
    }.Line([.. l.Moments.Select(m => (double)m.Step)], [.. l.Moments.Select(m => 100 * m.Recognised)], markers: true);

    private static string Say(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}

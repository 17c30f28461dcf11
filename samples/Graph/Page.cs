using System.Globalization;
using DeepNet.Analysis;
using DeepNet.Plots;

namespace DeepNet.Samples.Nodes;

/// <summary>The report.</summary>
internal static class Page
{
    public static HtmlReport Of(
        Papers papers, Division division, IReadOnlyList<Results> results, IReadOnlyList<double> shares,
        IReadOnlyList<(Classifier Classifier, double[] Accuracies)> byShare)
    {
        var (mlp, gcn) = (results[0], results[1]);
        double least = gcn.Fits.Zip(mlp.Fits, (a, b) => a.Accuracy - b.Accuracy).Min();
        var report = new HtmlReport("Papers and their topics", "What a network gains from knowing who cites whom")
            .Section("Result")
            .Facts(
                ("papers", Say($"{papers.Count:N0}")), ("with a label", Say($"{division.Told.Count:N0}")),
                ("citations", Say($"{papers.Citations.Count:N0}")), ("within a topic", Say($"{papers.Homophily:0 %}")))
            .Badge(least >= 0.15 ? Verdict.Pass : Verdict.Warning,
                Say($"GCN is {100 * least:0.0} points above the MLP at its worst seed"))
            .Table(["", .. mlp.Fits.Select((_, i) => Say($"seed {i + 1}")), "mean", "parameters", "ms an epoch"],
                results.Select(r => (IReadOnlyList<string>)
                [
                    r.Classifier.Name, .. r.Fits.Select(f => Say($"{f.Accuracy:0.0 %}")), Say($"**{r.Mean:0.0 %}**"),
                    Say($"{r.Fits[0].Parameters:N0}"), Say($"{r.Fits.Min(f => f.Milliseconds):0.0}"),
                ]),
                "Topics told right, of the papers whose topic is hidden. Each seed has another division and other first weights, and made "
                    + "papers are other ones too.")
            .Paragraph("The MLP and the GCN are the same network of two layers. The GCN takes, after each layer, a mean over a paper and "
                + "those next to it: noise in the words of single papers cancels, and the few labels reach papers two citations away. "
                + "Citations at random mix topics instead, and the same network loses.")
            .Figure(Curves(results), "Accuracy on hidden topics; the bands go from the worst to the best seed.");
        if (byShare.Count > 0)
            report.Section("How many labels").Figure(ByShare(shares, byShare),
                "Mean over the seeds. The fewer labels there are, the more citations are worth.");
        return report.Section("What the networks see")
            .Figures(results.Take(3).Select(r => ((Figure)Map(r, papers), (string?)null)))
            .Paragraph("Each point is a paper at the first two principal components of a network's outputs, before the softmax, at the "
                + "first seed; colours are the true topics.");
    }

    private static Plot Curves(IReadOnlyList<Results> results)
    {
        var plot = new Plot("Training") { XLabel = "epoch", YLabel = "told right, %", YMin = 0, YMax = 100 };
        foreach (var (r, i) in results.Select((r, i) => (r, i)))
        {
            var curve = r.Curve().ToArray();
            plot.Band(r.Fits[0].Epochs, [.. curve.Select(c => 100 * c.Low)], [.. curve.Select(c => 100 * c.High)], color: i)
                .Line(r.Fits[0].Epochs, [.. curve.Select(c => 100 * c.Mean)], r.Classifier.Name, color: i);
        }
        return plot;
    }

    private static Plot ByShare(IReadOnlyList<double> shares, IReadOnlyList<(Classifier Classifier, double[] Accuracies)> byShare)
    {
        var plot = new Plot("Accuracy by labels")
        {
            XLabel = "papers with a label, %", YLabel = "told right, %", XScale = AxisScale.Log, YMin = 0, YMax = 100,
        };
        foreach (var (classifier, accuracies) in byShare)
            plot.Line([.. shares.Select(s => 100 * s)], [.. accuracies.Select(a => 100 * a)], classifier.Name, markers: true);
        return plot;
    }

    private static Plot Map(Results r, Papers papers)
    {
        var outputs = r.Fits[0].Outputs;
        var plane = Pca.Fit(outputs, components: 2).Transform(outputs).To(DType.Float64).ToArray<double>();
        long[] topics = papers.Topics.ToArray<long>();
        var plot = new Plot(r.Classifier.Name) { Width = 380, Height = 340, Legend = LegendPlace.None };
        for (int topic = 0; topic < papers.Names.Count; topic++)
        {
            int[] chosen = [.. Enumerable.Range(0, topics.Length).Where(i => topics[i] == topic)];
            plot.Scatter([.. chosen.Select(i => plane[2 * i])], [.. chosen.Select(i => plane[2 * i + 1])], papers.Names[topic], size: 3);
        }
        return plot;
    }

    private static string Say(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}

using System.Globalization;
using DeepNet.Plots;

namespace DeepNet.Training.Reports;

/// <summary>Writes the sections of a report about the final evaluation of the validation part.</summary>
internal static class LookSections
{
    public static void Add(HtmlReport page, FinalLook look, TrainingReport report)
    {
        switch (look.Kind)
        {
            case TaskKind.Classes:
                Classes(page, look);
                Mistakes(page, look);
                break;
            case TaskKind.TwoClasses:
                Classes(page, look);
                Thresholds(page, look, report);
                Mistakes(page, look);
                break;
            case TaskKind.Numbers:
                Residuals(page, look);
                break;
            default:
                break;      // an autoencoder, a language model: the curves have to do
        }
    }

    private static void Classes(HtmlReport page, FinalLook look)
    {
        var matrix = look.Matrix;
        page.Section("Classes");
        page.Paragraph(
            string.Create(
                CultureInfo.InvariantCulture,
                $"Of {matrix.Total} predictions on the validation part, {matrix.Total - matrix.Wrong} are right: "
                    + $"{Percent(matrix.Value)}."));
        if (matrix.Classes <= 60)
            page.Figure(matrix.ToPlot(), "How often each class was taken for each other: right ones are on the diagonal.");
        var rows = new List<string[]>();
        for (int c = 0; c < matrix.Classes; c++)
            rows.Add(
                [matrix.NameOf(c), matrix.Support(c).ToString(CultureInfo.InvariantCulture), Share(matrix.Precision(c)),
                    Share(matrix.Recall(c)), Share(matrix.FBeta(c))]);
        foreach (var averaging in (Averaging[])[Averaging.Macro, Averaging.Weighted])
            rows.Add(
                [$"*{averaging.ToString().ToLowerInvariant()} mean*", matrix.Total.ToString(CultureInfo.InvariantCulture),
                    Share(matrix.Precision(averaging)), Share(matrix.Recall(averaging)), Share(matrix.FBeta(averaging))]);
        page.Table(
            ["class", "examples", "precision", "recall", "F1"], rows,
            "Precision: of those predicted to be of a class, the share that is. Recall: of those that are, the share that was found.");
        if (matrix.Classes > 2) Confusions(page, matrix);
    }

    private static void Confusions(HtmlReport page, ConfusionMatrix matrix)
    {
        var pairs = new List<(int True, int Predicted, long Count)>();
        for (int i = 0; i < matrix.Classes; i++)
            for (int j = 0; j < matrix.Classes; j++)
                if (i != j && matrix[i, j] > 0) pairs.Add((i, j, matrix[i, j]));
        if (pairs.Count == 0) return;
        page.Heading("Most frequent confusions").Table(["true", "predicted", "times", "of its class"],
            pairs.OrderByDescending(p => p.Count).ThenBy(p => p.True).ThenBy(p => p.Predicted).Take(8)
                .Select(
                p => (string[])[matrix.NameOf(p.True), matrix.NameOf(p.Predicted), p.Count.ToString(CultureInfo.InvariantCulture),
                    Percent((double)p.Count / matrix.Support(p.True))]));
    }

    private static void Thresholds(HtmlReport page, FinalLook look, TrainingReport report)
    {
        if (look.Scores.Exists(double.IsNaN)) return;
        RocCurve roc = RocCurve.Of(look.Scores, look.Positive);
        var pr = PrecisionRecallCurve.Of(look.Scores, look.Positive);
        page.Section("Thresholds");
        page.Facts(
            ("area under ROC", Share(roc.Area)), ("average precision", Share(pr.AveragePrecision)), ("best F1", Share(pr.BestF1)),
            ("at threshold", Compact.Number(pr.BestThreshold, 4)));
        page.Paragraph(
            string.Create(
                CultureInfo.InvariantCulture,
                $"Scores over {report.Threshold} were counted as “{look.Matrix.NameOf(1)}” so far. The best F1 on this data is that of "
                    + $"scores at or over {Compact.Number(pr.BestThreshold, 4)}. A threshold chosen here has to be judged on other data."));
        page.Figures((roc.ToPlot(), "A positive ranks above a negative with this chance (the area)."), (pr.ToPlot(), null));
        double[] positive = [.. look.Scores.Where((_, i) => look.Positive[i])],
            negative = [.. look.Scores.Where((_, i) => !look.Positive[i])];
        page.Figure(new Plot("Scores of both classes") { XLabel = "score", YLabel = "examples", Height = 320 }
            .Histogram(negative, 40, look.Matrix.NameOf(0)).Histogram(positive, 40, look.Matrix.NameOf(1))
            .VerticalLine(report.Threshold, "threshold"));
    }

    private static void Mistakes(HtmlReport page, FinalLook look)
    {
        if (look.Mistakes.Count == 0) return;
        page.Section("Worst mistakes");
        page.Paragraph("What the model was most sure of, and wrong.");
        if (look.Mistakes.TrueForAll(m => m.Image is not null))
            page.Images(Tensor.Cat(look.Mistakes.Select(m => m.Image!).ToArray(), 0),
                [.. look.Mistakes.Select(
                    m => $"true **{look.Matrix.NameOf(m.True)}**, predicted **{look.Matrix.NameOf(m.Predicted)}** "
                        + $"({Percent(m.Probability, 0)})")]);
        else
            page.Table(
                ["example", "true", "predicted", "probability"],
                look.Mistakes.Select(m => (string[])[m.Index.ToString(CultureInfo.InvariantCulture),
                look.Matrix.NameOf(m.True), look.Matrix.NameOf(m.Predicted), Percent(m.Probability)]));
    }

    private static void Residuals(HtmlReport page, FinalLook look)
    {
        int count = look.Predicted.Count;
        double[] residuals = new double[count];
        double absolute = 0, squared = 0, mean = look.True.Count == 0 ? 0 : look.True.Average(), spread = 0;
        for (int i = 0; i < count; i++)
        {
            residuals[i] = look.True[i] - look.Predicted[i];
            absolute += Math.Abs(residuals[i]);
            squared += residuals[i] * residuals[i];
            spread += (look.True[i] - mean) * (look.True[i] - mean);
        }
        page.Section("Residuals");
        page.Facts(
            ("mean absolute error", Compact.Number(absolute / count, 4)),
            ("root mean squared error", Compact.Number(Math.Sqrt(squared / count), 4)),
            ("R²", spread == 0 ? "–" : Share(1 - squared / spread)));
        double low = look.True.Concat(look.Predicted).Where(double.IsFinite).DefaultIfEmpty(0).Min(),
            high = look.True.Concat(look.Predicted).Where(double.IsFinite).DefaultIfEmpty(1).Max();
        page.Figures(
            (new Plot("Predicted against true") { XLabel = "true", YLabel = "predicted", Width = 460, Height = 400 }.Scatter(
                look.True, look.Predicted)
                .Line([low, high], [low, high], "right", LineStyle.Dashed, color: 7),
            "Points on the line are right."),
            (new Plot(
                "Residuals over predictions")
            { XLabel = "predicted", YLabel = "true − predicted", Width = 460, Height = 400 }.Scatter(
                look.Predicted, residuals).HorizontalLine(0),
            "A pattern here is something the model has not learned."));
        page.Figure(
            new Plot("Residuals")
            {
                XLabel = "true − predicted", YLabel = "examples", Height = 320,
            }.Histogram(residuals, 40).VerticalLine(0));
    }

    private static string Share(double value) => double.IsNaN(value) ? "–" : value.ToString("0.0000", CultureInfo.InvariantCulture);

    private static string Percent(double value, int digits = 2)
        => double.IsNaN(value)
            ? "–"
            : (100 * value).ToString("F" + digits.ToString(CultureInfo.InvariantCulture), CultureInfo.InvariantCulture) + " %";
}

using DeepNet.Plots;

namespace DeepNet.Training;

/// <summary>Represents precision against recall as the threshold falls.</summary>
public sealed class PrecisionRecallCurve
{
    private PrecisionRecallCurve(
        double[] precision, double[] recall, double[] thresholds, double averagePrecision, double bestF1, double bestThreshold)
        => (Precision, Recall, Thresholds, AveragePrecision, BestF1, BestThreshold) = (precision, recall, thresholds, averagePrecision,
            bestF1, bestThreshold);

    /// <summary>Of what counts as positive, the share that is; 1 where nothing counts yet.</summary>
    public IReadOnlyList<double> Precision { get; }

    /// <summary>Of the positives, the share that is found. NaN if there are none.</summary>
    public IReadOnlyList<double> Recall { get; }

    /// <summary>The thresholds, falling, each distinct score once; the first is ∞. What is at or above one counts as positive.</summary>
    public IReadOnlyList<double> Thresholds { get; }

    /// <summary>The mean precision, weighted by what each threshold adds to recall. NaN if there are no positives.</summary>
    public double AveragePrecision { get; }

    /// <summary>The best F1 that any threshold reaches. NaN if there are no positives.</summary>
    public double BestF1 { get; }

    /// <summary>The threshold that reaches it; of several the highest. NaN if there are no positives.</summary>
    public double BestThreshold { get; }

    /// <summary>The curve of scores.</summary>
    /// <param name="scores">Higher for what looks positive.</param>
    /// <param name="positive">The true classes.</param>
    public static PrecisionRecallCurve Of(IReadOnlyList<double> scores, IReadOnlyList<bool> positive)
    {
        var steps = ScoreSteps.Of("precision_recall_curve", scores, positive);
        double positives = steps.Positives, average = 0, best = double.NaN, bestThreshold = double.NaN;
        double[] precision = new double[steps.Found.Length], recall = new double[steps.Found.Length];
        for (int i = 0; i < precision.Length; i++)
        {
            long predicted = steps.Found[i] + steps.FalseAlarms[i];
            precision[i] = predicted == 0 ? 1 : (double)steps.Found[i] / predicted;
            recall[i] = steps.Found[i] / positives;
            if (i == 0) continue;
            average += (steps.Found[i] - steps.Found[i - 1]) / positives * precision[i];
            double f1 = 2.0 * steps.Found[i] / (predicted + positives);
            if (positives > 0 && !(f1 <= best)) (best, bestThreshold) = (f1, steps.Thresholds[i]);
        }
        return new PrecisionRecallCurve(precision, recall, steps.Thresholds, positives == 0 ? double.NaN : average, best, bestThreshold);
    }

    /// <summary>As an image, with the best threshold marked.</summary>
    public Plot ToPlot(string? name = null)
    {
        var plot = new Plot("Precision and recall")
        {
            XLabel = "recall", YLabel = "precision", YMin = 0, YMax = 1.04, Width = 460, Height = 420, Legend = LegendPlace.BottomLeft,
        };
        // Between two thresholds precision is that of the lower one: steps, not slopes.
        var (x, y) = (new List<double>(), new List<double>());
        for (int i = 0; i < Recall.Count; i++)
        {
            if (i > 0) (x, y) = (Put(x, Recall[i - 1]), Put(y, Precision[i]));
            (x, y) = (Put(x, Recall[i]), Put(y, Precision[i]));
        }
        plot.Line(x, y, $"{name ?? "model"}, average precision {Compact.Number(AveragePrecision, 4)}");
        for (int i = 1; i < Thresholds.Count; i++)
            if (Thresholds[i] == BestThreshold)
                plot.Scatter([Recall[i]], [Precision[i]], $"best F1 {Compact.Number(BestF1, 4)} at {Compact.Number(BestThreshold)}");
        return plot;

        static List<double> Put(List<double> list, double value)
        {
            list.Add(value);
            return list;
        }
    }
}

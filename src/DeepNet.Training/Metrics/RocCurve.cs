using DeepNet.Plots;

namespace DeepNet.Training;

/// <summary>
/// Represents the receiver operating characteristic of two classes: the share of found positives over that of false alarms.
/// </summary>
public sealed class RocCurve
{
    private RocCurve(double[] falseAlarms, double[] found, double[] thresholds, double area)
        => (FalsePositiveRate, TruePositiveRate, Thresholds, Area) = (falseAlarms, found, thresholds, area);

    /// <summary>Of the negatives, the share that a threshold takes for positive. NaN if there are no negatives.</summary>
    public IReadOnlyList<double> FalsePositiveRate { get; }

    /// <summary>Of the positives, the share that it finds. NaN if there are none.</summary>
    public IReadOnlyList<double> TruePositiveRate { get; }

    /// <summary>The thresholds, falling, each distinct score once; the first is ∞. What is at or above one counts as positive.</summary>
    public IReadOnlyList<double> Thresholds { get; }

    /// <summary>
    /// The area below: the chance that a positive has a higher score than a negative, ties counting half. NaN if there is one class only.
    /// </summary>
    public double Area { get; }

    /// <summary>The curve of scores.</summary>
    /// <param name="scores">Higher for what looks positive.</param>
    /// <param name="positive">The true classes.</param>
    public static RocCurve Of(IReadOnlyList<double> scores, IReadOnlyList<bool> positive)
    {
        var steps = ScoreSteps.Of("roc_curve", scores, positive);
        double area = 0;
        for (int i = 1; i < steps.Found.Length; i++)
            area += (double)(steps.FalseAlarms[i] - steps.FalseAlarms[i - 1]) * (steps.Found[i] + steps.Found[i - 1]) / 2;
        double positives = steps.Positives, negatives = steps.Negatives;
        return new RocCurve(
            [.. steps.FalseAlarms.Select(n => n / negatives)], [.. steps.Found.Select(n => n / positives)], steps.Thresholds,
            positives == 0 || negatives == 0 ? double.NaN : area / positives / negatives);
    }

    /// <summary>As an image, with the line of guessing.</summary>
    public Plot ToPlot(string? name = null) => new Plot("ROC curve")
    {
        XLabel = "false positive rate", YLabel = "true positive rate", Width = 460, Height = 420, Legend = LegendPlace.BottomRight,
    }
        .Line(FalsePositiveRate, TruePositiveRate, $"{name ?? "model"}, area {Compact.Number(Area, 4)}")
        .Line([0, 1], [0, 1], "guessing", LineStyle.Dotted, color: 7);
}

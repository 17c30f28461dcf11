namespace DeepNet.Training;

/// <summary>
/// Represents the numbers of positives and negatives that have at least each score, from the highest score down; equal scores are one step.
/// </summary>
internal sealed record ScoreSteps(long[] Found, long[] FalseAlarms, double[] Thresholds, long Positives, long Negatives)
{
    public static ScoreSteps Of(string name, IReadOnlyList<double> scores, IReadOnlyList<bool> positive)
    {
        ArgumentNullException.ThrowIfNull(scores);
        ArgumentNullException.ThrowIfNull(positive);
        if (scores.Count != positive.Count)
            throw new ArgumentException($"[{name}] there are {scores.Count} scores and {positive.Count} labels.");
        double[] keys = [.. scores];
        bool[] labels = [.. positive];
        foreach (double s in keys)
            if (double.IsNaN(s))
                throw new ArgumentException($"[{name}] a score is NaN and has no place in an order. Did training diverge?");
        Array.Sort(keys, labels);
        var (found, falseAlarms, thresholds) = (new List<long> { 0 }, new List<long> { 0 }, new List<double> { double.PositiveInfinity });
        long hits = 0, misses = 0;
        for (int i = keys.Length - 1; i >= 0; i--)
        {
            if (labels[i]) hits++;
            else misses++;
            if (i > 0 && keys[i - 1] == keys[i]) continue;
            found.Add(hits);
            falseAlarms.Add(misses);
            thresholds.Add(keys[i]);
        }
        return new ScoreSteps([.. found], [.. falseAlarms], [.. thresholds], hits, misses);
    }
}

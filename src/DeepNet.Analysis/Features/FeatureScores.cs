namespace DeepNet.Analysis;

/// <summary>Filters: how much each feature says about the target by itself. Quick, and blind to features that only help together.</summary>
public static class FeatureScores
{
    /// <summary>The variance of each feature; what never changes says nothing.</summary>
    public static double[] Variance(Tensor x) => [.. Columns(x).Select(c => Moments(c).Variance)];

    /// <summary>The correlation (Pearson's) of each feature with a number, from −1 to 1; 0 for a feature that does not change.</summary>
    /// <param name="x">A row for each example, a column for each feature.</param>
    /// <param name="y">A number for each example: (examples,) or (examples, 1).</param>
    public static double[] Correlation(Tensor x, Tensor y)
    {
        var columns = Columns(x);
        var target = Targets(y, columns[0].Length);
        var (meanY, varianceY) = Moments(target);
        return [.. columns.Select(c =>
        {
            var (mean, variance) = Moments(c);
            double product = 0;
            for (int i = 0; i < c.Length; i++) product += (c[i] - mean) * (target[i] - meanY);
            double scale = Math.Sqrt(variance * varianceY);
            return scale > 0 ? Math.Clamp(product / c.Length / scale, -1, 1) : 0;
        })];
    }

    /// <summary>The F statistic of each feature for telling classes apart: the variance between classes over that within (ANOVA).</summary>
    /// <param name="x">A row for each example, a column for each feature.</param>
    /// <param name="labels">The class of each example.</param>
    public static double[] FScore(Tensor x, Tensor labels)
    {
        var columns = Columns(x);
        var classes = Groups(labels, columns[0].Length);
        int n = columns[0].Length, k = classes.Length;
        if (k < 2 || n <= k)
            throw new ArgumentException(
                $"[f_score] {n} examples of {k} classes: at least two classes are needed, and more examples than classes.", nameof(labels));
        return [.. columns.Select(c =>
        {
            double mean = c.Average(), between = 0, within = 0;
            foreach (int[] members in classes)
            {
                double own = members.Average(i => c[i]);
                between += members.Length * (own - mean) * (own - mean);
                within += members.Sum(i => (c[i] - own) * (c[i] - own));
            }
            return between == 0 ? 0 : between / (k - 1) / (within / (n - k));
        })];
    }

    /// <summary>
    /// The mutual information of each feature with the class, in nats, after cutting the feature into bins of equally many examples.
    /// </summary>
    /// <param name="x">A row for each example, a column for each feature.</param>
    /// <param name="labels">The class of each example.</param>
    /// <param name="bins">The number of bins. Chance alone gives about (bins − 1)(classes − 1) / 2n.</param>
    public static double[] MutualInformation(Tensor x, Tensor labels, int bins = 10)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(bins, 2);
        var columns = Columns(x);
        int n = columns[0].Length;
        var classes = Groups(labels, n);
        return [.. columns.Select(c =>
        {
            var sorted = (double[])c.Clone();
            Array.Sort(sorted);
            double[] edges = [.. Enumerable.Range(1, bins - 1).Select(b => sorted[(int)((long)b * n / bins)]).Distinct()];
            int[] bin = Array.ConvertAll(c, v => edges.Count(e => v >= e));
            var inBin = new double[edges.Length + 1];
            foreach (int b in bin) inBin[b] += 1.0 / n;
            double information = 0;
            foreach (int[] members in classes)
            {
                var together = new double[edges.Length + 1];
                foreach (int i in members) together[bin[i]] += 1.0 / n;
                for (int b = 0; b < together.Length; b++)
                    if (together[b] > 0) information += together[b] * Math.Log(together[b] / (inBin[b] * members.Length / n));
            }
            return Math.Max(0, information);
        })];
    }

    /// <summary>The places of the highest scores, best first; of equal ones the first.</summary>
    public static int[] Best(IReadOnlyList<double> scores, int count)
    {
        ArgumentNullException.ThrowIfNull(scores);
        if (count < 0 || count > scores.Count)
            throw new ArgumentOutOfRangeException(nameof(count), count, $"[feature_scores] there are {scores.Count} features.");
        return [.. Enumerable.Range(0, scores.Count).OrderByDescending(i => scores[i]).Take(count)];
    }

    private static double[][] Columns(Tensor x)
    {
        var data = Pca.Matrix("feature_scores", x);
        if (data.Length == 0) throw new ArgumentException($"[feature_scores] x of shape {x.Shape} is empty.", nameof(x));
        return [.. Enumerable.Range(0, data.GetLength(1))
            .Select(f => Enumerable.Range(0, data.GetLength(0)).Select(i => data[i, f]).ToArray())];
    }

    private static double[] Targets(Tensor y, int examples)
    {
        ArgumentNullException.ThrowIfNull(y);
        if (y.Count != examples)
            throw new ArgumentException(
                $"[feature_scores] targets of shape {y.Shape} for {examples} examples: there must be one number for each.", nameof(y));
        return y.Detach().ToArray<double>();
    }

    private static int[][] Groups(Tensor labels, int examples)
        => [.. Targets(labels, examples).Select((label, i) => (label, i)).GroupBy(p => p.label, p => p.i).OrderBy(g => g.Key)
            .Select(g => g.ToArray())];

    private static (double Mean, double Variance) Moments(double[] values)
    {
        double mean = values.Average();
        return (mean, values.Sum(v => (v - mean) * (v - mean)) / values.Length);
    }
}

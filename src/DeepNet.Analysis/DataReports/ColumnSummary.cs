namespace DeepNet.Analysis;

/// <summary>Describes the values of a column.</summary>
/// <param name="Name">The name.</param>
/// <param name="Count">The number of values that are there.</param>
/// <param name="Missing">The number of those that are not.</param>
/// <param name="Numbers">What is known of numbers; null for categories.</param>
/// <param name="Categories">The categories with the number of their examples, most frequent first; null for numbers.</param>
public sealed record ColumnSummary(
    string Name, int Count, int Missing, NumberSummary? Numbers, IReadOnlyList<ClassCount>? Categories)
{
    /// <summary>Gets a value that is true if all values are the same.</summary>
    public bool IsConstant => Count > 0 && (Numbers is { } numbers ? numbers.Min == numbers.Max : Categories!.Count == 1);
}

/// <summary>Describes numbers.</summary>
/// <param name="Mean">The mean.</param>
/// <param name="Deviation">The standard deviation.</param>
/// <param name="Min">The smallest.</param>
/// <param name="Quarter">A quarter is no larger.</param>
/// <param name="Median">Half are no larger.</param>
/// <param name="ThreeQuarters">Three quarters are no larger.</param>
/// <param name="Max">The largest.</param>
/// <param name="UsualLow">Numbers below this one are outliers.</param>
/// <param name="UsualHigh">Numbers above this one are outliers.</param>
/// <param name="Outliers">The places of the examples with outliers, farthest first.</param>
/// <param name="Histogram">How the usual numbers are distributed.</param>
public sealed record NumberSummary(
    double Mean, double Deviation, double Min, double Quarter, double Median, double ThreeQuarters, double Max, double UsualLow,
    double UsualHigh, IReadOnlyList<int> Outliers, Histogram Histogram)
{
    // From the median as many times as far as the 5th and the 95th hundredth are, each to its side, so that skew is no outlier. Eight
    // standard deviations of a Gaussian, and one of 30,000 numbers of an exponential distribution, in words of chance.
    private const double Tail = 0.05, Reach = 5;
    private const int LeastToJudge = 20, Bins = 30;

    internal static NumberSummary Of(IReadOnlyList<double> values)
    {
        double[] sorted = [.. values.Where(double.IsFinite).Order()];
        double median = Quantile(sorted, 0.5), low = double.NegativeInfinity, high = double.PositiveInfinity;
        if (sorted.Length >= LeastToJudge)
        {
            double below = median - Quantile(sorted, Tail), above = Quantile(sorted, 1 - Tail) - median;
            // Where one side is a single value, as for counts that are mostly 0, nothing can be said of it.
            if (below > 0) low = median - Reach * below;
            if (above > 0) high = median + Reach * above;
        }
        int[] outliers = [.. Enumerable.Range(0, values.Count).Where(i => values[i] < low || values[i] > high)
            .OrderByDescending(i => Math.Abs(values[i] - median))];
        double mean = sorted.Average(), variance = sorted.Average(v => (v - mean) * (v - mean));
        return new(mean, Math.Sqrt(variance), sorted[0], Quantile(sorted, 0.25), median, Quantile(sorted, 0.75), sorted[^1], low, high,
            outliers, Histogram.Of([.. sorted.Where(v => v >= low && v <= high)], Bins));
    }

    internal static double Quantile(double[] sorted, double share)
    {
        double at = share * (sorted.Length - 1);
        int below = (int)at;
        return below + 1 < sorted.Length ? sorted[below] + (at - below) * (sorted[below + 1] - sorted[below]) : sorted[below];
    }
}

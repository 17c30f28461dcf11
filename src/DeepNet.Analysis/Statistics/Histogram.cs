namespace DeepNet.Analysis;

/// <summary>Represents the numbers of values between edges.</summary>
/// <param name="Edges">The edges of the bins: one more than there are bins.</param>
/// <param name="Counts">The values in each bin; an edge belongs to the bin above it, the last edge to the last bin.</param>
public sealed record Histogram(IReadOnlyList<double> Edges, IReadOnlyList<long> Counts)
{
    /// <summary>Counts values in bins of equal width from the smallest to the largest. NaN and infinite values are left out.</summary>
    public static Histogram Of(ReadOnlySpan<double> values, int bins = 30)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(bins, 1);
        double low = double.PositiveInfinity, high = double.NegativeInfinity;
        foreach (double v in values)
        {
            if (!double.IsFinite(v)) continue;
            (low, high) = (Math.Min(low, v), Math.Max(high, v));
        }
        if (low > high) (low, high) = (0, 1);
        if (low == high) (low, high) = (low - 0.5, high + 0.5);
        var counts = new long[bins];
        double width = (high - low) / bins;
        foreach (double v in values)
            if (double.IsFinite(v)) counts[Math.Clamp((int)((v - low) / width), 0, bins - 1)]++;
        return new([.. Enumerable.Range(0, bins + 1).Select(i => i == bins ? high : low + i * width)], counts);
    }
}

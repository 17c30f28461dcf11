namespace DeepNet.Training.Logs;

/// <summary>
/// Counts numbers in buckets that grow by a tenth from 1e-12 on, to both sides of zero: what spans many orders of magnitude, as gradients
/// do, is resolved everywhere. Only the buckets in between are kept that the numbers reach.
/// </summary>
internal sealed class HistogramBuckets
{
    private static readonly double[] Limits = MakeLimits();

    public double Min { get; private set; } = double.PositiveInfinity;
    public double Max { get; private set; } = double.NegativeInfinity;
    public long Count { get; private set; }
    public double Sum { get; private set; }
    public double SumOfSquares { get; private set; }

    /// <summary>The upper ends of the buckets.</summary>
    public double[] Ends { get; private set; } = [];

    /// <summary>Gets the number of values in each bucket.</summary>
    public double[] Counts { get; private set; } = [];

    /// <summary>Counts all finite numbers; others have no bucket.</summary>
    public static HistogramBuckets Of(ReadOnlySpan<float> values)
    {
        var result = new HistogramBuckets();
        double[] counts = new double[Limits.Length];
        int first = Limits.Length, last = -1;
        foreach (float f in values)
        {
            if (!float.IsFinite(f)) continue;
            double v = f;
            result.Min = Math.Min(result.Min, v);
            result.Max = Math.Max(result.Max, v);
            result.Count++;
            result.Sum += v;
            result.SumOfSquares += v * v;
            int place = Array.BinarySearch(Limits, v);
            place = place >= 0 ? place + 1 : ~place;       // a bucket ends before its limit
            counts[place]++;
            (first, last) = (Math.Min(first, place), Math.Max(last, place));
        }
        if (last < 0)
        {
            (result.Min, result.Max) = (0, 0);
            return result;
        }
        // One empty bucket below tells where the first one begins.
        first = Math.Max(0, first - 1);
        result.Ends = Limits[first..(last + 1)];
        result.Counts = counts[first..(last + 1)];
        return result;
    }

    private static double[] MakeLimits()
    {
        var positive = new List<double>();
        for (double v = 1e-12; v < 1e39; v *= 1.1) positive.Add(v);
        return [.. positive.AsEnumerable().Reverse().Select(v => -v), 0, .. positive, double.MaxValue];
    }
}

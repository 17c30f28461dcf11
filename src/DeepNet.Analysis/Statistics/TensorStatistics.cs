namespace DeepNet.Analysis;

/// <summary>Represents statistics of the elements of a tensor, computed in double.</summary>
/// <param name="Count">The number of elements.</param>
/// <param name="Mean">Their mean.</param>
/// <param name="Std">Their standard deviation about the mean, divided by the count.</param>
/// <param name="Norm">The root of the sum of their squares.</param>
/// <param name="Min">The smallest.</param>
/// <param name="Max">The largest.</param>
/// <param name="ZeroShare">The share that is exactly 0.</param>
/// <param name="NotFinite">The number of elements that are NaN or infinite; they are left out of the numbers above.</param>
/// <param name="Histogram">The histogram.</param>
public sealed record TensorStatistics(
    long Count, double Mean, double Std, double Norm, double Min, double Max, double ZeroShare, long NotFinite, Histogram Histogram)
{
    /// <summary>The root of the mean square: the size of a typical element.</summary>
    public double Rms => Norm / Math.Sqrt(Math.Max(1, Count - NotFinite));

    /// <summary>Measures a tensor.</summary>
    /// <param name="tensor">Of any shape and numeric type.</param>
    /// <param name="bins">The number of bins of the histogram.</param>
    public static TensorStatistics Of(Tensor tensor, int bins = 30)
    {
        ArgumentNullException.ThrowIfNull(tensor);
        return Of(tensor.Detach().ToArray<double>(), bins);
    }

    /// <summary>Measures numbers.</summary>
    public static TensorStatistics Of(ReadOnlySpan<double> values, int bins = 30)
    {
        double sum = 0, squares = 0, low = double.PositiveInfinity, high = double.NegativeInfinity;
        long zeros = 0, finite = 0;
        foreach (double v in values)
        {
            if (!double.IsFinite(v)) continue;
            finite++;
            sum += v;
            squares += v * v;
            if (v == 0) zeros++;
            (low, high) = (Math.Min(low, v), Math.Max(high, v));
        }
        double mean = finite == 0 ? double.NaN : sum / finite, around = 0;
        foreach (double v in values)
            if (double.IsFinite(v)) around += (v - mean) * (v - mean);
        return new(
            values.Length, mean, finite == 0 ? double.NaN : Math.Sqrt(around / finite), Math.Sqrt(squares), finite == 0 ? double.NaN : low,
            finite == 0 ? double.NaN : high,
            finite == 0 ? 0 : (double)zeros / finite, values.Length - finite, Histogram.Of(values, bins));
    }
}

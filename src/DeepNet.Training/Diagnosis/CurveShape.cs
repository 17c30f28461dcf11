namespace DeepNet.Training;

/// <summary>The end of a curve of losses over epochs: whether it falls or rises by more than its noise.</summary>
internal sealed class CurveShape
{
    private const double LeastShare = 0.02;      // of its height: a smaller change does not matter
    private const double Surely = 3;             // standard errors: few epochs make each of them uncertain

    private readonly double[] values;

    public CurveShape(IEnumerable<double> curve)
    {
        values = [.. curve.Where(double.IsFinite)];
        if (values.Length == 0) return;
        // The lowest of many noisy values is low by chance; means of three epochs are less so.
        double[] means = [.. values.Select((_, i) => Mean(values.AsSpan(Math.Max(0, i - 1)..Math.Min(values.Length, i + 2))))];
        Last = Mean(values.AsSpan(Math.Max(0, values.Length - 3)));
        Best = means.Min();
        BestEpoch = Array.IndexOf(means, Best) + 1;
        Fit();
    }

    public int Count => values.Length;

    public double First => values[0];

    /// <summary>Gets the lowest mean of three epochs.</summary>
    public double Best { get; }

    /// <summary>Gets the middle of the three epochs of <see cref="Best"/>, from 1.</summary>
    public int BestEpoch { get; }

    /// <summary>Gets the mean of the last three epochs.</summary>
    public double Last { get; }

    /// <summary>Gets the change over the last third by a straight line, as a share of the curve's height there.</summary>
    public double EndChange { get; private set; }

    /// <summary>Gets the standard error of <see cref="EndChange"/>.</summary>
    public double EndError { get; private set; }

    /// <summary>Gets a value that is true if the last third falls by more than its noise.</summary>
    public bool IsFalling => EndChange < -LeastShare && EndChange < -Surely * EndError;

    /// <summary>Gets a value that is true if the last third rises by more than its noise.</summary>
    public bool IsRising => EndChange > LeastShare && EndChange > Surely * EndError;

    /// <summary>Gets the rise from the lowest value to the end, as a share of the lowest.</summary>
    public double Rise => (Last - Best) / Math.Max(Math.Abs(Best), 1e-3 * Math.Abs(First));

    /// <summary>Gets the size of its jumps from epoch to epoch beside its trend, as a share of its lowest value.</summary>
    public double Noise
    {
        get
        {
            if (values.Length < 4) return double.PositiveInfinity;
            // Second differences: a trend that is nearly straight over three epochs drops out of them. Their deviation is √6 times the
            // noise's.
            double[] bends =
                [.. Enumerable.Range(1, values.Length - 2).Select(i => Math.Abs(values[i + 1] - 2 * values[i] + values[i - 1])).Order()];
            return 1.48 * bends[bends.Length / 2] / Math.Sqrt(6) / Math.Max(Math.Abs(Best), 1e-3 * Math.Abs(First));
        }
    }

    private void Fit()
    {
        int count = Math.Max(4, (values.Length + 2) / 3);
        if (count > values.Length) return;
        var end = values.AsSpan(values.Length - count);
        double mean = Mean(end), middle = (count - 1) / 2.0, slope = 0, spread = 0, rest = 0;
        for (int i = 0; i < count; i++)
        {
            slope += (i - middle) * (end[i] - mean);
            spread += (i - middle) * (i - middle);
        }
        slope /= spread;
        for (int i = 0; i < count; i++) rest += Math.Pow(end[i] - mean - slope * (i - middle), 2);
        double height = Math.Max(Math.Abs(mean), 1e-12);
        EndChange = slope * (count - 1) / height;
        EndError = Math.Sqrt(rest / (count - 2) / spread) * (count - 1) / height;
    }

    private static double Mean(ReadOnlySpan<double> of)
    {
        double sum = 0;
        foreach (double v in of) sum += v;
        return sum / of.Length;
    }
}

namespace DeepNet.Analysis;

/// <summary>A mean of random samples.</summary>
/// <param name="Mean">The mean.</param>
/// <param name="StandardError">Its standard error: two of them to either side hold the truth in 19 of 20 cases.</param>
/// <param name="Samples">The number of samples.</param>
public readonly record struct Estimate(double Mean, double StandardError, int Samples)
{
    /// <inheritdoc/>
    public override string ToString() => FormattableString.Invariant($"{Mean:0.####} ± {StandardError:0.####}");

    /// <summary>The mean of samples.</summary>
    public static Estimate Of(ReadOnlySpan<double> samples)
    {
        if (samples.IsEmpty) throw new ArgumentException("[estimate] there are no samples to take the mean of.");
        double sum = 0, squares = 0;
        foreach (double s in samples) sum += s;
        double mean = sum / samples.Length;
        foreach (double s in samples) squares += (s - mean) * (s - mean);
        double error = samples.Length < 2 ? double.PositiveInfinity : Math.Sqrt(squares / (samples.Length - 1) / samples.Length);
        return new(mean, error, samples.Length);
    }
}

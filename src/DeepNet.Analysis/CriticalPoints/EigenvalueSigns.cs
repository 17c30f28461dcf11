namespace DeepNet.Analysis;

/// <summary>Represents the numbers of positive, negative and zero eigenvalues, and the kind of critical point that follows.</summary>
/// <param name="Positive">Above the tolerance.</param>
/// <param name="Negative">Below its opposite.</param>
/// <param name="Zero">Between.</param>
public readonly record struct EigenvalueSigns(int Positive, int Negative, int Zero)
{
    /// <summary>The share of positive eigenvalues: 1 at a minimum, about a half at a typical saddle high up.</summary>
    public double MinimumRatio => (double)Positive / Math.Max(1, Positive + Negative + Zero);

    /// <summary>The kind of point that has these signs, if its gradient is zero.</summary>
    public CriticalPointKind Kind => (Positive, Negative, Zero) switch
    {
        ( > 0, > 0, _) => CriticalPointKind.Saddle,
        ( > 0, 0, 0) => CriticalPointKind.Minimum,
        (0, > 0, 0) => CriticalPointKind.Maximum,
        _ => CriticalPointKind.Degenerate,
    };

    /// <summary>Counts signs.</summary>
    /// <param name="eigenvalues">The eigenvalues.</param>
    /// <param name="tolerance">The size below which an eigenvalue counts as zero, as a share of the largest in size. Eigenvalues from
    /// float32 are uncertain to about 1e-5.</param>
    public static EigenvalueSigns Of(IEnumerable<double> eigenvalues, double tolerance = 1e-6)
    {
        ArgumentNullException.ThrowIfNull(eigenvalues);
        ArgumentOutOfRangeException.ThrowIfNegative(tolerance);
        var values = eigenvalues.ToArray();
        double bound = tolerance * values.Select(Math.Abs).DefaultIfEmpty().Max();
        int positive = values.Count(v => v > bound), negative = values.Count(v => v < -bound);
        return new(positive, negative, values.Length - positive - negative);
    }
}

namespace DeepNet.Analysis;

/// <summary>
/// Represents the density of a matrix's eigenvalues: places with weights, which add up to 1 and stand for all eigenvalues together.
/// </summary>
/// <remarks>
/// The ends are exact to the resolution of Lanczos's method; inside, the density is right on average over ranges that hold a few places.
/// </remarks>
public sealed class SpectralDensity
{
    private SpectralDensity(double[] values, double[] weights, int size) => (Values, Weights, Size) = (values, weights, size);

    /// <summary>The places, in ascending order.</summary>
    public IReadOnlyList<double> Values { get; }

    /// <summary>The share of eigenvalues that each place stands for.</summary>
    public IReadOnlyList<double> Weights { get; }

    /// <summary>Gets the number of eigenvalues.</summary>
    public int Size { get; }

    /// <summary>The mean eigenvalue, as the places tell it.</summary>
    public double Mean => Values.Zip(Weights, (v, w) => v * w).Sum();

    /// <summary>Estimates the density of a matrix that is only multiplied with.</summary>
    /// <param name="matrix">The matrix.</param>
    /// <param name="probes">The number of random starts.</param>
    /// <param name="steps">The number of products from each.</param>
    /// <param name="seed">The seed of the starts.</param>
    /// <param name="progress">Receives each probe.</param>
    /// <param name="cancellation">Stops between products.</param>
    public static SpectralDensity Of(
        ISymmetricOperator matrix, int probes = 10, int steps = 60, ulong seed = 0, IProgress<AnalysisProgress>? progress = null,
            CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(matrix);
        ArgumentOutOfRangeException.ThrowIfLessThan(probes, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(steps, 1);
        var generator = new Generator(seed);
        int limit = Math.Min(steps, matrix.Size);
        var places = new List<(double Value, double Weight)>();
        for (int p = 0; p < probes; p++)
        {
            var process = new LanczosProcess(matrix, generator, limit);
            while (process.Steps < limit)
            {
                cancellation.ThrowIfCancellationRequested();
                process.Step();
            }
            // A start's share in an eigenvector, squared, is the weight of its eigenvalue: the first component in the basis.
            var ritz = process.Solve();
            for (int i = 0; i < ritz.Values.Length; i++) places.Add((ritz.Values[i], ritz.Rows[i][0] * ritz.Rows[i][0] / probes));
            progress?.Report(new("spectral density", p + 1, probes));
        }
        places.Sort((a, b) => a.Value.CompareTo(b.Value));
        return new([.. places.Select(p => p.Value)], [.. places.Select(p => p.Weight)], matrix.Size);
    }

    /// <summary>The share of eigenvalues below a value.</summary>
    public double ShareBelow(double value)
    {
        double share = 0;
        for (int i = 0; i < Values.Count && Values[i] < value; i++) share += Weights[i];
        return share;
    }

    /// <summary>The density as a smooth curve, every place widened into a Gaussian bell.</summary>
    /// <param name="points">The number of points.</param>
    /// <param name="width">The bell's standard deviation; a hundredth of the range if not given.</param>
    public (double[] Values, double[] Density) Curve(int points = 200, double? width = null)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(points, 2);
        double range = Values[^1] - Values[0];
        double size = Math.Max(Math.Abs(Values[0]), Math.Abs(Values[^1]));
        double sigma = width ?? (range > 1e-12 * size ? range / 100 : 1);       // one eigenvalue, up to rounding, has no range
        if (!(sigma > 0))
            throw new ArgumentOutOfRangeException(nameof(width), width, "[spectral_density] the width of the bells must be positive.");
        double low = Values[0] - 4 * sigma, step = (range + 8 * sigma) / (points - 1);
        double[] at = new double[points], density = new double[points];
        for (int i = 0; i < points; i++)
        {
            at[i] = low + i * step;
            for (int k = 0; k < Values.Count; k++)
            {
                double z = (at[i] - Values[k]) / sigma;
                if (Math.Abs(z) < 8) density[i] += Weights[k] * Math.Exp(-z * z / 2) / (sigma * Math.Sqrt(2 * Math.PI));
            }
        }
        return (at, density);
    }
}

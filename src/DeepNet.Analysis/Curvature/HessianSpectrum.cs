namespace DeepNet.Analysis;

/// <summary>The eigenvalues of a loss's Hessian: all of them for small models, the ends, the sum and the density for large ones.</summary>
/// <example><code>
/// var objective = new Objective(() => Loss.CrossEntropy(model.Forward(x), y), model.Parameters());
/// var ends = HessianSpectrum.Extreme(objective, largest: 3, smallest: 1);
/// var trace = HessianSpectrum.Trace(objective, samples: 100);
/// Console.WriteLine($"sharpness {ends.Largest[0].Value}, trace {trace}");
/// </code></example>
public static class HessianSpectrum
{
    /// <summary>The most parameters of which the full Hessian is formed.</summary>
    public const int LargestFull = 20_000;

    /// <summary>
    /// All eigenvalues: the Hessian is formed, a backward pass for each row, and decomposed in double. For up to a few thousand parameters.
    /// </summary>
    /// <param name="objective">The loss, at its present position.</param>
    /// <param name="vectors">Whether eigenvectors are wanted, which takes about four times as long.</param>
    /// <param name="cancellation">Stops between rows of the Hessian.</param>
    public static EigenDecomposition Full(Objective objective, bool vectors = true, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(objective);
        return objective.Hessian().ToMatrix(cancellation).Eigen(vectors);
    }

    /// <summary>
    /// Eigenvalues from the ends of the spectrum with their vectors, by Lanczos's method: some tens of Hessian-vector products.
    /// </summary>
    /// <param name="objective">The loss, at its present position.</param>
    /// <param name="largest">The number of eigenvalues from the upper end.</param>
    /// <param name="smallest">The number of eigenvalues from the lower end.</param>
    /// <param name="options">Tolerance, limits and seed.</param>
    /// <param name="progress">Receives each product.</param>
    /// <param name="cancellation">Stops between products.</param>
    public static ExtremeEigenvalues Extreme(
        Objective objective, int largest = 1, int smallest = 0, LanczosOptions? options = null,
            IProgress<AnalysisProgress>? progress = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(objective);
        return Lanczos.Extreme(objective.Hessian(), largest, smallest, options, progress, cancellation);
    }

    /// <summary>The sum of all eigenvalues, estimated from products with random signs (Hutchinson).</summary>
    /// <param name="objective">The loss, at its present position.</param>
    /// <param name="samples">The number of products; the standard error falls with the root of it.</param>
    /// <param name="seed">The seed of the signs.</param>
    /// <param name="progress">Receives each product.</param>
    /// <param name="cancellation">Stops between products.</param>
    public static Estimate Trace(
        Objective objective, int samples = 100, ulong seed = 0, IProgress<AnalysisProgress>? progress = null,
        CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(objective);
        return StochasticTrace.Of(objective.Hessian(), samples, seed, progress, cancellation);
    }

    /// <summary>Estimates the density of the eigenvalues by stochastic Lanczos quadrature.</summary>
    /// <param name="objective">The loss, at its present position.</param>
    /// <param name="probes">The number of random starts.</param>
    /// <param name="steps">The number of products from each: the more, the finer the ends are resolved.</param>
    /// <param name="seed">The seed of the starts.</param>
    /// <param name="progress">Receives each probe.</param>
    /// <param name="cancellation">Stops between products.</param>
    public static SpectralDensity Density(
        Objective objective, int probes = 10, int steps = 60, ulong seed = 0, IProgress<AnalysisProgress>? progress = null,
            CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(objective);
        return SpectralDensity.Of(objective.Hessian(), probes, steps, seed, progress, cancellation);
    }
}

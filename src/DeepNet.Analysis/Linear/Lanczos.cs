namespace DeepNet.Analysis;

/// <summary>
/// Eigenvalues at the ends of the spectrum of a matrix that is only multiplied with: Lanczos's method with full reorthogonalisation,
/// computed in double whatever the products are computed in.
/// </summary>
public static class Lanczos
{
    // Small matrices are exhausted: there it costs nothing, and finds repeated eigenvalues.
    private const int Exhaustible = 50;

    /// <summary>The largest and the smallest eigenvalues, with their vectors.</summary>
    /// <remarks>
    /// An eigenvalue that is repeated exactly shows once only in a large matrix: one start sees one vector of each of its spaces.
    /// </remarks>
    /// <param name="matrix">The matrix.</param>
    /// <param name="largest">The number of eigenvalues from the upper end.</param>
    /// <param name="smallest">The number of eigenvalues from the lower end.</param>
    /// <param name="options">Tolerance, limits and seed.</param>
    /// <param name="progress">Receives each step.</param>
    /// <param name="cancellation">Stops between two products.</param>
    public static ExtremeEigenvalues Extreme(
        ISymmetricOperator matrix, int largest = 1, int smallest = 0, LanczosOptions? options = null,
            IProgress<AnalysisProgress>? progress = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(matrix);
        ArgumentOutOfRangeException.ThrowIfNegative(largest);
        ArgumentOutOfRangeException.ThrowIfNegative(smallest);
        options ??= new();
        int wanted = largest + smallest;
        if (wanted == 0 || wanted > matrix.Size)
            throw new ArgumentException(
                $"[lanczos] {largest} largest and {smallest} smallest eigenvalues of a matrix with {matrix.Size}: ask for at least one in "
                    + "all, and for no more than there are.");

        int limit = Math.Min(matrix.Size, Math.Max(options.MaxSteps, wanted));
        var process = new LanczosProcess(matrix, new Generator(options.Seed), limit);
        Ritz ritz;
        do
        {
            cancellation.ThrowIfCancellationRequested();
            process.Step();
            progress?.Report(new("lanczos", process.Steps, limit));
            // Solving the small problem costs steps²; every fifth step is often enough.
            if (process.Steps < limit && (process.Steps < (matrix.Size <= Exhaustible ? limit : wanted) || process.Steps % 5 != 0))
                continue;
            ritz = process.Solve();
            if (process.Steps == limit || ritz.HasConverged(largest, smallest, options.Tolerance, matrix.Precision))
                return Gather(process, ritz, largest, smallest, options.Tolerance);
        }
        while (true);
    }

    private static ExtremeEigenvalues Gather(LanczosProcess process, Ritz ritz, int largest, int smallest, double tolerance)
    {
        Eigenpair Pair(int i) => new(ritz.Values[i], process.Vector(ritz.Rows[i]), ritz.Residual(i));
        int n = ritz.Values.Length;
        return new ExtremeEigenvalues(
            [.. Enumerable.Range(0, largest).Select(i => Pair(n - 1 - i))], [.. Enumerable.Range(0, smallest).Select(Pair)],
            process.Steps, process.Steps == process.Size || ritz.HasConverged(largest, smallest, tolerance, process.Precision));
    }
}

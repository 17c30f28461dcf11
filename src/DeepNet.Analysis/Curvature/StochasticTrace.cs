namespace DeepNet.Analysis;

/// <summary>The trace of a matrix that is only multiplied with, by Hutchinson's estimator: the mean of zᵀAz over random signs z.</summary>
public static class StochasticTrace
{
    /// <summary>
    /// Estimates the trace. Its variance is twice the sum of the squares off the diagonal, so a diagonal matrix is exact at once.
    /// </summary>
    /// <param name="matrix">The matrix.</param>
    /// <param name="samples">The number of products.</param>
    /// <param name="seed">The seed of the signs.</param>
    /// <param name="progress">Receives each product.</param>
    /// <param name="cancellation">Stops between products.</param>
    public static Estimate Of(
        ISymmetricOperator matrix, int samples = 100, ulong seed = 0, IProgress<AnalysisProgress>? progress = null,
        CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(matrix);
        ArgumentOutOfRangeException.ThrowIfLessThan(samples, 1);
        var generator = new Generator(seed);
        var values = new double[samples];
        var product = new double[matrix.Size];
        for (int i = 0; i < samples; i++)
        {
            cancellation.ThrowIfCancellationRequested();
            var signs = Vectors.Signs(matrix.Size, generator);
            matrix.Multiply(signs, product);
            values[i] = Vectors.Dot(signs, product);
            progress?.Report(new("trace", i + 1, samples));
        }
        return Estimate.Of(values);
    }
}

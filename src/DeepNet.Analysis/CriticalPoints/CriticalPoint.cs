namespace DeepNet.Analysis;

/// <summary>A place where the gradient of a loss is zero, or where the search for one ended.</summary>
/// <param name="Position">The values of all parameters there.</param>
/// <param name="Loss">The loss.</param>
/// <param name="GradientNorm">The length of the gradient.</param>
/// <param name="Eigenvalues">All eigenvalues of the Hessian, smallest first.</param>
/// <param name="Signs">The numbers of positive, negative and zero ones.</param>
/// <param name="Steps">The number of steps of the search.</param>
/// <param name="IsConverged">Whether the gradient came below the tolerance. If not, <see cref="Kind"/> says nothing: a place is no critical
/// point only because its curvature looks like one.</param>
public sealed record CriticalPoint(
    IReadOnlyList<double> Position, double Loss, double GradientNorm, IReadOnlyList<double> Eigenvalues, EigenvalueSigns Signs, int Steps,
        bool IsConverged)
{
    /// <summary>Minimum, maximum, saddle, or undecided by curvature.</summary>
    public CriticalPointKind Kind => Signs.Kind;

    /// <summary>The share of positive eigenvalues.</summary>
    public double MinimumRatio => Signs.MinimumRatio;

    /// <summary>Classifies the place where the parameters are now.</summary>
    /// <param name="objective">The loss; at most <see cref="HessianSpectrum.LargestFull"/> parameters.</param>
    /// <param name="gradientTolerance">The largest gradient that counts as zero.</param>
    /// <param name="zeroTolerance">The size below which eigenvalues count as zero, as a share of the largest in size.</param>
    /// <param name="cancellation">Stops between rows of the Hessian.</param>
    public static CriticalPoint Here(
        Objective objective, double gradientTolerance = 1e-6, double? zeroTolerance = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(objective);
        return At(objective, 0, gradientTolerance, zeroTolerance, cancellation);
    }

    internal static CriticalPoint At(
        Objective objective, int steps, double gradientTolerance, double? zeroTolerance, CancellationToken cancellation)
    {
        var hessian = objective.Hessian();
        var eigen = hessian.ToMatrix(cancellation).Eigen(vectors: false);
        double norm = Vectors.Norm([.. hessian.Gradient]);
        // What is zero cannot be told below the rounding of the products that the matrix came from.
        double zero = zeroTolerance ?? Math.Max(1e-6, 4 * hessian.Precision);
        return new(
            objective.Position, hessian.Loss, norm, eigen.Values, EigenvalueSigns.Of(eigen.Values, zero), steps, norm <= gradientTolerance);
    }
}

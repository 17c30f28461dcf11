namespace DeepNet.Analysis;

/// <summary>An eigenvalue and its vector.</summary>
/// <param name="Value">The eigenvalue.</param>
/// <param name="Vector">The eigenvector, of length 1.</param>
/// <param name="Residual">‖Av − λv‖: a true eigenvalue lies within this of <paramref name="Value"/>, up to rounding in the
/// products.</param>
public sealed record Eigenpair(double Value, IReadOnlyList<double> Vector, double Residual);

/// <summary>Eigenvalues from the ends of a spectrum.</summary>
/// <param name="Largest">From the upper end, largest first.</param>
/// <param name="Smallest">From the lower end, smallest first.</param>
/// <param name="Steps">The number of products.</param>
/// <param name="IsConverged">Whether all residuals came below the tolerance; if not, raise <see cref="LanczosOptions.MaxSteps"/>.</param>
public sealed record ExtremeEigenvalues(IReadOnlyList<Eigenpair> Largest, IReadOnlyList<Eigenpair> Smallest, int Steps, bool IsConverged);

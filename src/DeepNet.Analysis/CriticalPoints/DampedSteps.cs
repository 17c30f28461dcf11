namespace DeepNet.Analysis;

/// <summary>Solves (H² + μ) s = −H g at one place for one damping after another.</summary>
internal interface IDampedSteps
{
    /// <param name="damping">μ, relative to the largest squared eigenvalue of H.</param>
    /// <returns>The step, and the length of the gradient after it if the Hessian stayed the same.</returns>
    (double[] Step, double Expected) Solve(double damping);
}

/// <summary>By eigenvectors: exact, and any number of dampings for one decomposition.</summary>
internal sealed class ExactSteps : IDampedSteps
{
    private readonly EigenDecomposition eigen;
    private readonly double[] inEigenvectors;
    private readonly double largest;

    public ExactSteps(SymmetricMatrix hessian, double[] gradient)
    {
        eigen = hessian.Eigen();
        inEigenvectors = [.. Enumerable.Range(0, hessian.Size).Select(i => Vectors.Dot(eigen.Raw(i), gradient))];
        largest = eigen.Values.Max(v => v * v);
    }

    public (double[] Step, double Expected) Solve(double damping)
    {
        var step = new double[inEigenvectors.Length];
        double left = 0;
        for (int i = 0; i < step.Length; i++)
        {
            double value = eigen.Values[i], denominator = value * value + damping * largest;
            double share = denominator > 0 ? value / denominator : 0;
            Vectors.Add(step, -share * inEigenvectors[i], eigen.Raw(i));
            left += Math.Pow(inEigenvectors[i] * (1 - share * value), 2);
        }
        return (step, Math.Sqrt(left));
    }
}

/// <summary>By conjugate gradients on the normal equations: two Hessian products for each iteration, the matrix is never formed.</summary>
internal sealed class IterativeSteps(Objective objective, double[] gradient, int maxProducts, CancellationToken cancellation) : IDampedSteps
{
    public (double[] Step, double Expected) Solve(double damping)
    {
        // Recorded anew: attempts move the parameters and put them back, and a record of changed tensors is no longer valid.
        var hessian = objective.Hessian();
        var step = new double[gradient.Length];
        var residual = hessian.Multiply(gradient);
        // An estimate of the largest squared eigenvalue from below is enough: damping adapts.
        double shift = damping * Vectors.Dot(residual, residual) / Vectors.Dot(gradient, gradient);
        Vectors.Scale(residual, -1);
        var direction = (double[])residual.Clone();
        double squared = Vectors.Dot(residual, residual), goal = squared * 1e-12;
        for (int i = 0; i < maxProducts && squared > goal; i += 2)
        {
            cancellation.ThrowIfCancellationRequested();
            var once = hessian.Multiply(direction);
            double curvature = Vectors.Dot(once, once) + shift * Vectors.Dot(direction, direction);
            if (curvature <= 0) break;
            double length = squared / curvature;
            Vectors.Add(step, length, direction);
            Vectors.Add(residual, -length, hessian.Multiply(once));
            Vectors.Add(residual, -length * shift, direction);
            double next = Vectors.Dot(residual, residual);
            direction = Vectors.Sum(residual, next / squared, direction);
            squared = next;
        }
        return (step, Vectors.Norm(Vectors.Sum(gradient, 1, hessian.Multiply(step))));
    }
}

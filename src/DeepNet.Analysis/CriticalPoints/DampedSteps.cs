namespace DeepNet.Analysis;

/// <summary>Solves (H² + μ) s = −H g at one place for one damping after another.</summary>
internal interface IDampedSteps
{
    /// <param name="damping">μ, relative to the largest squared eigenvalue of H.</param>
    double[] Solve(double damping);
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

    public double[] Solve(double damping)
    {
        var step = new double[inEigenvectors.Length];
        for (int i = 0; i < step.Length; i++)
        {
            double value = eigen.Values[i], denominator = value * value + damping * largest;
            if (denominator > 0) Vectors.Add(step, -value * inEigenvectors[i] / denominator, eigen.Raw(i));
        }
        return step;
    }
}

/// <summary>By conjugate gradients on the normal equations: two Hessian products for each iteration, the matrix is never formed.</summary>
internal sealed class IterativeSteps(HessianOperator hessian, double[] gradient, int maxProducts, CancellationToken cancellation) : IDampedSteps
{
    // An estimate from below is enough: damping adapts.
    private readonly double largest = Math.Pow(Vectors.Norm(hessian.Multiply(gradient)) / Vectors.Norm(gradient), 2);

    public double[] Solve(double damping)
    {
        double shift = damping * largest;
        var step = new double[gradient.Length];
        var residual = hessian.Multiply(gradient);
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
        return step;
    }
}

namespace DeepNet.Analysis;

/// <summary>
/// Finds places where the gradient is zero, whichever kind they are: minimises ½‖g‖² by damped Gauss-Newton steps (Levenberg and
/// Marquardt), for which the Hessian H of the loss is the Jacobian: (H² + μ) s = −H g.
/// </summary>
/// <remarks>
/// Descent on the loss itself finds minima only. Descent on the gradient's length can also end where H g = 0 though g is not: the result
/// then says that it has not converged.
/// </remarks>
public static class CriticalPointSearch
{
    /// <summary>Moves the parameters to a critical point near them, and classifies it.</summary>
    /// <param name="objective">The loss. Its parameters are left at the point that was found; put them back with
    /// <see cref="Objective.Keep"/>. Float64 parameters find it more exactly.</param>
    /// <param name="options">Tolerances and limits.</param>
    /// <param name="progress">Receives each step.</param>
    /// <param name="cancellation">Stops between steps; the parameters are put back to where they started.</param>
    public static CriticalPoint Find(
        Objective objective, CriticalPointOptions? options = null, IProgress<AnalysisProgress>? progress = null,
        CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(objective);
        options ??= new();
        var start = objective.Keep();
        try
        {
            int steps = Descend(objective, options, progress, cancellation);
            return CriticalPoint.At(objective, steps, options.GradientTolerance, options.ZeroTolerance, cancellation);
        }
        catch
        {
            start.Dispose();
            throw;
        }
    }

    private static int Descend(
        Objective objective, CriticalPointOptions options, IProgress<AnalysisProgress>? progress, CancellationToken cancellation)
    {
        var place = objective.Position;
        var gradient = objective.Gradient();
        double norm = Vectors.Norm(gradient), damping = options.Damping;
        if (!double.IsFinite(norm))
            throw new ArithmeticException("[critical_point] the gradient is NaN or infinite where the search starts.");
        for (int step = 0; step < options.MaxSteps; step++)
        {
            progress?.Report(new("critical point", step, options.MaxSteps));
            if (norm <= options.GradientTolerance) return step;
            IDampedSteps solver = objective.Size <= options.LargestExact
                ? new ExactSteps(objective.Hessian().ToMatrix(cancellation), gradient)
                : new IterativeSteps(objective, gradient, options.MaxProducts, cancellation);
            // Much damping makes a short step down the slope of ½‖g‖², which shortens g unless that slope is 0.
            for (int attempt = 0; ; attempt++)
            {
                cancellation.ThrowIfCancellationRequested();
                if (attempt == 30) return step;
                var (move, expected) = solver.Solve(damping);
                var next = Vectors.Sum(place, 1, move);
                objective.Position = next;
                var there = objective.Gradient();
                double length = Vectors.Norm(there);
                if (length < norm)
                {
                    // What was won of what the linear model of g promised: it says how far the model can be trusted.
                    double gain = (norm * norm - length * length) / Math.Max(norm * norm - expected * expected, double.Epsilon);
                    (place, gradient, norm) = (next, there, length);
                    damping = Math.Max(damping * (gain > 0.75 ? 0.2 : gain < 0.25 ? 2 : 1), 1e-20);
                    break;
                }
                objective.Position = place;
                damping *= 4;
            }
        }
        return options.MaxSteps;
    }
}

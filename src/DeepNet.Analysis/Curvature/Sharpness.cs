namespace DeepNet.Analysis;

/// <summary>Measures the sharpness of a loss at its parameters: curvature, and how far the loss rises nearby.</summary>
public static class Sharpness
{
    /// <summary>
    /// The largest eigenvalue of the Hessian. Gradient descent with a learning rate above 2 / sharpness leaves such a place.
    /// </summary>
    public static double Largest(Objective objective, LanczosOptions? options = null, CancellationToken cancellation = default)
        => HessianSpectrum.Extreme(objective, 1, 0, options, null, cancellation).Largest[0].Value;

    /// <summary>
    /// The largest eigenvalue times the squared length of the parameters: the same for a network of ReLUs and its rescaled twins, where
    /// the eigenvalue alone says less the larger the weights are.
    /// </summary>
    public static double Relative(Objective objective, LanczosOptions? options = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(objective);
        double length = Vectors.Norm(objective.Position);
        return Largest(objective, options, cancellation) * length * length;
    }

    /// <summary>
    /// Returns the rise of the loss within a radius, as sharpness-aware minimisation sees it: a step up the gradient to the edge of the
    /// ball, and further ones along the edge. Where the gradient is 0 the first step goes along the steepest curvature.
    /// </summary>
    /// <param name="objective">The loss; its parameters are put back bit for bit.</param>
    /// <param name="radius">The radius.</param>
    /// <param name="steps">The number of steps; SAM takes one.</param>
    /// <param name="relative">Measures every parameter in units of its own size (adaptive SAM): then scale does not matter.</param>
    /// <param name="cancellation">Stops between steps; the parameters are put back.</param>
    public static double Within(
        Objective objective, double radius = 0.05, int steps = 1, bool relative = false, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(objective);
        ArgumentOutOfRangeException.ThrowIfLessThan(steps, 1);
        if (!(radius > 0) || !double.IsFinite(radius))
            throw new ArgumentOutOfRangeException(nameof(radius), radius, "[sharpness] the radius must be positive and finite.");
        using var kept = objective.Keep();
        var origin = objective.Position;
        var unit = Array.ConvertAll(origin, w => relative ? Math.Abs(w) : 1);
        var (start, gradient) = objective.Evaluate();
        double highest = start;
        var offset = new double[origin.Length];         // in units of each parameter
        for (int step = 0; step < steps; step++)
        {
            cancellation.ThrowIfCancellationRequested();
            for (int i = 0; i < gradient.Length; i++) gradient[i] *= unit[i];
            double norm = Vectors.Norm(gradient);
            if (norm == 0)
            {
                if (step > 0) break;
                gradient = [.. HessianSpectrum.Extreme(objective, 1, 0, null, null, cancellation).Largest[0].Vector];
                norm = 1;
            }
            Vectors.Add(offset, radius / norm, gradient);
            Vectors.Scale(offset, radius / Math.Max(Vectors.Norm(offset), double.Epsilon));
            var place = (double[])origin.Clone();
            for (int i = 0; i < place.Length; i++) place[i] += unit[i] * offset[i];
            objective.Position = place;
            (double value, gradient) = objective.Evaluate();
            highest = Math.Max(highest, value);
        }
        return highest - start;
    }
}

namespace DeepNet.Analysis;

/// <summary>Represents the limits of the search for a critical point.</summary>
public sealed record CriticalPointOptions
{
    /// <summary>The length of the gradient that counts as zero. Float32 parameters hardly get below 1e-6.</summary>
    public double GradientTolerance { get; init; } = 1e-8;

    /// <summary>The most steps to take.</summary>
    public int MaxSteps { get; init; } = 200;

    /// <summary>The damping of the first step, relative to the largest squared eigenvalue; it adapts from there.</summary>
    public double Damping { get; init; } = 1e-3;

    /// <summary>Up to this many parameters a step is solved exactly from the full Hessian, above it by conjugate gradients.</summary>
    public int LargestExact { get; init; } = 200;

    /// <summary>The most products that conjugate gradients take for one step.</summary>
    public int MaxProducts { get; init; } = 200;

    /// <summary>
    /// Gets the size below which eigenvalues count as zero when the point is classified, as a share of the largest; by the precision of the
    /// parameters if not given.
    /// </summary>
    public double? ZeroTolerance { get; init; }
}

namespace DeepNet.Analysis;

/// <summary>Represents the options of Lanczos's method.</summary>
public sealed record LanczosOptions
{
    /// <summary>An eigenvalue has converged when its residual ‖Av − λv‖ is below this share of the largest eigenvalue's size.</summary>
    public double Tolerance { get; init; } = 1e-6;

    /// <summary>The most products to take; each keeps a vector of the matrix's size in memory.</summary>
    public int MaxSteps { get; init; } = 200;

    /// <summary>Gets the seed of the random start.</summary>
    public ulong Seed { get; init; }
}

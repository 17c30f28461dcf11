namespace DeepNet.Analysis;

/// <summary>When Lanczos's method stops, and where it starts.</summary>
public sealed record LanczosOptions
{
    /// <summary>An eigenvalue has settled when its residual ‖Av − λv‖ is below this share of the largest eigenvalue's size.</summary>
    public double Tolerance { get; init; } = 1e-6;

    /// <summary>The most products to take; each keeps a vector of the matrix's size in memory.</summary>
    public int MaxSteps { get; init; } = 200;

    /// <summary>What the random start comes from.</summary>
    public ulong Seed { get; init; }
}

namespace DeepNet;

/// <summary>
/// Specifies the tolerance of a derivative check: a value passes if it differs from the numeric one by at most absolute + relative ·
/// |numeric|.
/// </summary>
/// <param name="Step">How far to both sides the differences are taken.</param>
/// <param name="AbsoluteTolerance">The error that is always allowed.</param>
/// <param name="RelativeTolerance">The error allowed in proportion.</param>
public sealed record GradCheckOptions(double Step = 1e-6, double AbsoluteTolerance = 1e-5, double RelativeTolerance = 1e-3)
{
    internal static GradCheckOptions Default { get; } = new();
}

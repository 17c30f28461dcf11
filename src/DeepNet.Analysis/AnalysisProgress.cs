namespace DeepNet.Analysis;

/// <summary>Represents the progress of long work.</summary>
/// <param name="Stage">The present stage, such as <c>lanczos</c>.</param>
/// <param name="Done">Steps done.</param>
/// <param name="Total">Steps there are at most; some work ends earlier.</param>
public readonly record struct AnalysisProgress(string Stage, int Done, int Total)
{
    /// <summary>The share that is done, from 0 to 1.</summary>
    public double Fraction => Total <= 0 ? 1 : Math.Min(1, (double)Done / Total);

    /// <inheritdoc/>
    public override string ToString() => FormattableString.Invariant($"{Stage} {Done}/{Total}");
}

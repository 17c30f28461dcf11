namespace DeepNet.Analysis;

/// <summary>The set of features that a search ended with.</summary>
/// <param name="Features">The places of its features, ascending.</param>
/// <param name="Score">The score.</param>
/// <param name="Path">The sets that were the best so far, in the order they were found.</param>
/// <param name="Evaluations">The number of sets that were scored.</param>
public sealed record FeatureSet(
    IReadOnlyList<int> Features, double Score, IReadOnlyList<(IReadOnlyList<int> Features, double Score)> Path, int Evaluations);

internal sealed record Candidate(int[] Features, double Score);

/// <summary>The scores of sets, each computed once.</summary>
internal sealed class ScoredSets
{
    private readonly Func<IReadOnlyList<int>, double> score;
    private readonly int features;
    private readonly IProgress<AnalysisProgress>? progress;
    private readonly CancellationToken cancellation;
    private readonly Dictionary<string, Candidate> known = [];

    public ScoredSets(
        int features, Func<IReadOnlyList<int>, double> score, IProgress<AnalysisProgress>? progress, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(score);
        ArgumentOutOfRangeException.ThrowIfLessThan(features, 1);
        (this.features, this.score, this.progress, this.cancellation) = (features, score, progress, cancellation);
    }

    public List<Candidate> Path { get; } = [];

    public bool Knows(int[] set) => known.ContainsKey(Key(set));

    public Candidate Of(int[] set)
    {
        if (known.TryGetValue(Key(set), out var candidate)) return candidate;
        cancellation.ThrowIfCancellationRequested();
        double value = score(set);
        if (double.IsNaN(value))
            throw new ArithmeticException(
                $"[feature_search] the score of features {Key(set)} is NaN, which is neither better nor worse than others.");
        progress?.Report(new("feature search", known.Count + 1, features * (features + 1) / 2));
        return known[Key(set)] = new(set, value);
    }

    public FeatureSet Result(Candidate best)
        => new(best.Features, best.Score, [.. Path.Select(c => ((IReadOnlyList<int>)c.Features, c.Score))], known.Count);

    private static string Key(int[] set) => string.Join(", ", set);
}

namespace DeepNet.Analysis;

/// <summary>
/// Wrappers: search for the set of features with the best score, where the score is anything that a set can be given, such as the
/// validation accuracy of a model that is trained on it.
/// </summary>
/// <example><code>
/// var found = FeatureSearch.Forward(features, set => ValidationAccuracy(set));
/// Console.WriteLine($"{string.Join(", ", found.Features)}: {found.Score:P1} after {found.Evaluations} models");
/// </code></example>
public static class FeatureSearch
{
    /// <summary>Greedy: starts with none and adds the feature that helps most, until none helps.</summary>
    /// <param name="features">The number of features.</param>
    /// <param name="score">The score of a set, larger being better; given ascending places, never none. Called once for each set.</param>
    /// <param name="most">The most features to choose; all if not given.</param>
    /// <param name="gain">By how much a feature must raise the score to be added.</param>
    /// <param name="progress">Receives each set.</param>
    /// <param name="cancellation">Stops between sets.</param>
    public static FeatureSet Forward(
        int features, Func<IReadOnlyList<int>, double> score, int? most = null, double gain = 0,
            IProgress<AnalysisProgress>? progress = null, CancellationToken cancellation = default)
    {
        var scored = new ScoredSets(features, score, progress, cancellation);
        var best = new Candidate([], double.NegativeInfinity);
        while (best.Features.Length < Math.Min(most ?? features, features))
        {
            var next = Enumerable.Range(0, features).Where(f => !best.Features.Contains(f))
                .Select(f => scored.Of([.. best.Features.Append(f).Order()])).MaxBy(c => c.Score)!;
            if (!(next.Score > best.Score + (best.Features.Length == 0 ? 0 : gain))) break;
            scored.Path.Add(best = next);
        }
        return scored.Result(best);
    }

    /// <summary>
    /// Greedy from the other end: starts with all features and leaves out the one that is missed least, as long as the score does not fall.
    /// </summary>
    /// <param name="features">The number of features.</param>
    /// <param name="score">The score of a set; see <see cref="Forward"/>.</param>
    /// <param name="least">The fewest features to keep.</param>
    /// <param name="loss">By how much the score may fall for each feature that is left out.</param>
    /// <param name="progress">Receives each set.</param>
    /// <param name="cancellation">Stops between sets.</param>
    public static FeatureSet Backward(
        int features, Func<IReadOnlyList<int>, double> score, int least = 1, double loss = 0, IProgress<AnalysisProgress>? progress = null,
            CancellationToken cancellation = default)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(least, 1);
        var scored = new ScoredSets(features, score, progress, cancellation);
        var best = scored.Of([.. Enumerable.Range(0, features)]);
        scored.Path.Add(best);
        while (best.Features.Length > least)
        {
            var next = best.Features.Select(f => scored.Of([.. best.Features.Where(g => g != f)])).MaxBy(c => c.Score)!;
            if (!(next.Score >= best.Score - loss)) break;
            scored.Path.Add(best = next);
        }
        return scored.Result(best);
    }

    /// <summary>
    /// Best first: keeps every set it has scored and always goes on from the best one not yet tried, adding or leaving out one feature.
    /// Gets past places where greedy search stops, because it can step back.
    /// </summary>
    /// <param name="features">The number of features.</param>
    /// <param name="score">The score of a set; see <see cref="Forward"/>.</param>
    /// <param name="patience">The number of sets in a row without a better one after which it ends.</param>
    /// <param name="gain">By how much a set must be better to count as better.</param>
    /// <param name="progress">Receives each set.</param>
    /// <param name="cancellation">Stops between sets.</param>
    public static FeatureSet BestFirst(
        int features, Func<IReadOnlyList<int>, double> score, int patience = 5, double gain = 0,
            IProgress<AnalysisProgress>? progress = null, CancellationToken cancellation = default)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(patience, 1);
        var scored = new ScoredSets(features, score, progress, cancellation);
        var open = new PriorityQueue<Candidate, (double, int)>();       // best score first, of equal ones the smaller set
        var best = new Candidate([], double.NegativeInfinity);
        open.Enqueue(best, (0, 0));
        for (int idle = 0; idle < patience && open.TryDequeue(out var from, out _); idle++)
        {
            foreach (int f in Enumerable.Range(0, features))
            {
                int[] set = from.Features.Contains(f) ? [.. from.Features.Where(g => g != f)] : [.. from.Features.Append(f).Order()];
                if (set.Length == 0 || scored.Knows(set)) continue;
                var next = scored.Of(set);
                open.Enqueue(next, (-next.Score, set.Length));
                if (!(next.Score > best.Score + (best.Features.Length == 0 ? 0 : gain))) continue;
                scored.Path.Add(best = next);
                idle = -1;
            }
        }
        return scored.Result(best);
    }
}

namespace DeepNet.Training;

/// <summary>A metric of two classes for which all scores have to be kept: it goes by their order. Outputs are (N), (N, 1) or (N, 2); targets 0 and 1.</summary>
public abstract class ScoreMetric : Metric
{
    private readonly List<double> scores = [];
    private readonly List<bool> positive = [];

    private protected ScoreMetric(string name) => Name = name;

    /// <inheritdoc/>
    public sealed override string Name { get; }

    /// <summary>The scores seen: the single output, or the second less the first.</summary>
    public IReadOnlyList<double> Scores => scores;

    /// <summary>What was positive.</summary>
    public IReadOnlyList<bool> Positive => positive;

    /// <summary>True if the order means nothing: a score is NaN.</summary>
    private protected bool IsBroken => scores.Exists(double.IsNaN);

    /// <inheritdoc/>
    public sealed override void Update(Tensor output, Tensor target)
    {
        var (newScores, newPositive) = MetricValues.Scores(Name, output, target);
        scores.AddRange(newScores);
        positive.AddRange(newPositive);
    }

    /// <inheritdoc/>
    public sealed override void Reset()
    {
        scores.Clear();
        positive.Clear();
    }
}

namespace DeepNet.Training;

/// <summary>
/// A metric for which all scores have to be kept: it goes by their order. Outputs are (N), (N, 1) or (N, 2) with targets 0 and 1, or (N,
/// classes) with class numbers or one-hot rows; then each class stands against the rest, and the classes are averaged.
/// </summary>
public abstract class ScoreMetric : Metric
{
    private readonly string name;
    private readonly Averaging? averaging;
    private readonly bool fromLogits;
    private readonly List<double> scores = [];       // example by example: one of two classes, or one for each of more
    private readonly List<int> truth = [];

    private protected ScoreMetric(string name, Averaging? averaging, bool fromLogits)
        => (this.name, this.averaging, this.fromLogits) = (name, averaging, fromLogits);

    /// <inheritdoc/>
    public sealed override string Name => MetricValues.Named(name, averaging);

    /// <summary>Gets the number of classes; 0 before the first batch.</summary>
    public int Classes { get; private set; }

    /// <summary>The scores of class 1 of two: the single output, or the second less the first.</summary>
    public IReadOnlyList<double> Scores => Classes == 0 ? [] : ScoresOf(TheOne(nameof(ScoresOf)));

    /// <summary>Gets the labels of two classes: true for class 1.</summary>
    public IReadOnlyList<bool> Positive => Classes == 0 ? [] : PositiveOf(TheOne(nameof(PositiveOf)));

    /// <summary>NaN where there is nothing to compare, or if a score is NaN.</summary>
    public sealed override double Value
    {
        get
        {
            if (truth.Count == 0 || scores.Exists(double.IsNaN)) return double.NaN;
            switch (averaging ?? (Classes == 2 ? Averaging.Binary : Averaging.Macro))
            {
                case Averaging.Binary:
                    if (Classes != 2)
                        throw new InvalidOperationException(
                            $"[{name}] Averaging.Binary is about two classes, and there are {Classes}; take Macro, Micro or Weighted.");
                    return Of(ScoresOf(1), PositiveOf(1));
                case Averaging.Micro:
                    return Of([.. All.SelectMany(ScoresOf)], [.. All.SelectMany(PositiveOf)]);
                case var kind:
                    return Mean(isWeighted: kind == Averaging.Weighted);
            }
        }
    }

    private IEnumerable<int> All => Enumerable.Range(0, Classes);

    /// <summary>
    /// Returns the score of each example for a class, in no particular unit: of more classes than two the logarithm of its probability, or
    /// the probability that was given.
    /// </summary>
    public IReadOnlyList<double> ScoresOf(int index)
    {
        Check(index);
        if (Classes == 2) return index == 1 ? [.. scores] : [.. scores.Select(s => -s)];
        double[] column = new double[truth.Count];
        for (int i = 0; i < column.Length; i++) column[i] = scores[i * Classes + index];
        return column;
    }

    /// <summary>Returns a value for each example that is true if it is of a class.</summary>
    public IReadOnlyList<bool> PositiveOf(int index)
    {
        Check(index);
        return [.. truth.Select(c => c == index)];
    }

    /// <inheritdoc/>
    public sealed override double[] State() => Classes == 0 ? [] : [Classes, .. truth, .. scores];

    /// <inheritdoc/>
    public sealed override void Merge(ReadOnlySpan<double> state)
    {
        if (state.IsEmpty) return;
        int each = state[0] == 2 ? 1 : (int)state[0], examples = (state.Length - 1) / (1 + each);
        Classes = (int)state[0];
        foreach (double label in state.Slice(1, examples)) truth.Add((int)label);
        scores.AddRange(state[(1 + examples)..]);
    }

    /// <inheritdoc/>
    public sealed override void Update(Tensor output, Tensor target)
    {
        var (newScores, newTruth, classes) = MetricValues.Scores(name, output, target, fromLogits);
        if (Classes != 0 && classes != Classes)
            throw new ArgumentException($"[{name}] outputs of {classes} classes came after outputs of {Classes}. Reset() begins anew.");
        Classes = classes;
        scores.AddRange(newScores);
        truth.AddRange(newTruth);
    }

    /// <inheritdoc/>
    public sealed override void Reset()
    {
        Classes = 0;
        scores.Clear();
        truth.Clear();
    }

    /// <summary>The figure of one class against the rest; NaN where it has none.</summary>
    private protected abstract double Of(IReadOnlyList<double> scores, IReadOnlyList<bool> positive);

    // The class that one speaks of where there are two.
    private protected int TheOne(string instead) => Classes is 0 or 2 ? 1
        : throw new InvalidOperationException(
            $"[{name}] there are {Classes} classes, each against the rest: say which with {instead}(class).");

    private double Mean(bool isWeighted)
    {
        double sum = 0, weights = 0;
        foreach (int c in All)
        {
            var positive = PositiveOf(c);
            double value = Of(ScoresOf(c), positive), weight = isWeighted ? positive.Count(p => p) : 1;
            if (double.IsNaN(value)) continue;       // a class that nothing or everything is of stands aside, as in a confusion matrix
            sum += weight * value;
            weights += weight;
        }
        return weights == 0 ? double.NaN : sum / weights;
    }

    private void Check(int index)
    {
        if (index < 0 || index >= Classes)
            throw new ArgumentOutOfRangeException(
                nameof(index), index, Classes == 0 ? $"[{name}] nothing was seen yet." : $"[{name}] classes are 0 to {Classes - 1}.");
    }
}

namespace DeepNet.Training;

/// <summary>What a model achieves on a data set as a whole.</summary>
public sealed class Evaluation
{
    internal Evaluation(int count, double seconds, IReadOnlyDictionary<string, double> values)
        => (Count, Seconds, Values) = (count, seconds, values);

    /// <summary>How many examples there were.</summary>
    public int Count { get; }

    /// <summary>How long it took.</summary>
    public double Seconds { get; }

    /// <summary>The mean loss.</summary>
    public double Loss => this["loss"];

    /// <summary><c>loss</c> and each metric, by name.</summary>
    public IReadOnlyDictionary<string, double> Values { get; }

    /// <summary>A figure by its name, such as <c>accuracy</c>.</summary>
    public double this[string name] => Values.TryGetValue(name, out double value)
        ? value
        : throw new KeyNotFoundException(
            $"[evaluate] there is no '{name}', only {string.Join(", ", Values.Keys)}. Add the metric to the trainer's Metrics.");

    /// <summary>All figures in a line.</summary>
    public override string ToString() => Figures.Text(Values);
}

namespace DeepNet.Training;

/// <summary>Represents the figures of a model on a data set.</summary>
public sealed class Evaluation
{
    internal Evaluation(int count, double seconds, IReadOnlyDictionary<string, double> values)
        => (Count, Seconds, Values) = (count, seconds, values);

    /// <summary>Gets the number of examples.</summary>
    public int Count { get; }

    /// <summary>Gets the time that it took, in seconds.</summary>
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

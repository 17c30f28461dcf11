namespace DeepNet.Training;

/// <summary>Represents the figures of an epoch.</summary>
/// <param name="epoch">Its number, from 1.</param>
/// <param name="step">The number of steps that the run had taken at its end.</param>
/// <param name="seconds">The time that it took in seconds, validation included.</param>
/// <param name="learningRate">The rate of its last step.</param>
/// <param name="values">Its figures by name; see <see cref="Values"/>.</param>
public sealed class EpochRecord(int epoch, long step, double seconds, double learningRate, IReadOnlyDictionary<string, double> values)
{
    /// <summary>The prefix of the names of figures of the validation part.</summary>
    public const string ValidationPrefix = "val_";

    /// <summary>Its number, from 1.</summary>
    public int Epoch { get; } = epoch;

    /// <summary>Gets the number of steps that the run had taken at its end.</summary>
    public long Step { get; } = step;

    /// <summary>Gets the time that it took in seconds, validation included.</summary>
    public double Seconds { get; } = seconds;

    /// <summary>The learning rate of its last step.</summary>
    public double LearningRate { get; } = learningRate;

    /// <summary>
    /// Its figures by name, in order: <c>loss</c> and each metric, averaged over the batches of training while the weights moved; what
    /// callbacks logged; <c>val_loss</c> and each metric again as <c>val_…</c>, over the validation part as a whole.
    /// </summary>
    public IReadOnlyDictionary<string, double> Values { get; } = values ?? throw new ArgumentNullException(nameof(values));

    /// <summary>A figure by its name; NaN if the epoch has none of that name.</summary>
    public double this[string name] => Values.TryGetValue(name, out double value) ? value : double.NaN;

    /// <inheritdoc/>
    public override string ToString() => $"epoch {Epoch}: {Figures.Text(Values)}";
}

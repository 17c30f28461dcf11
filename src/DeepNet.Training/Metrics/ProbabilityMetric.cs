namespace DeepNet.Training;

/// <summary>A mean over examples of how far the probabilities were from what came true.</summary>
public abstract class ProbabilityMetric : Metric
{
    private readonly bool fromLogits;
    private double sum;
    private long count;

    private protected ProbabilityMetric(string name, bool fromLogits) => (Name, this.fromLogits) = (name, fromLogits);

    /// <inheritdoc/>
    public sealed override string Name { get; }

    /// <inheritdoc/>
    public sealed override bool HigherIsBetter => false;

    /// <inheritdoc/>
    public sealed override double Value => count == 0 ? double.NaN : sum / count;

    /// <inheritdoc/>
    public sealed override void Reset() => (sum, count) = (0, 0);

    /// <inheritdoc/>
    public sealed override double[] State() => [sum, count];

    /// <inheritdoc/>
    public sealed override void Merge(ReadOnlySpan<double> state)
    {
        sum += state[0];
        count += (long)state[1];
    }

    /// <inheritdoc/>
    public sealed override void Update(Tensor output, Tensor target)
    {
        var (_, truth, classes) = MetricValues.Classes(Name, output, target, 0);
        double[] values = MetricValues.Numbers(output);
        if (output.Rank > 2) throw new ArgumentException($"[{Name}] outputs are (N), (N, 1) or (N, classes), not {output.Shape}.");
        bool single = values.Length == truth.Length && classes == 2 && (output.Rank < 2 || output.Shape[1] == 1);
        double[] logs = new double[classes];
        for (int i = 0; i < truth.Length; i++)
        {
            if (single) Both(values[i], logs);
            else All(values.AsSpan(i * classes, classes), logs);
            sum += Penalty(logs, (int)truth[i]);
        }
        count += truth.Length;
    }

    /// <summary>Returns the penalty of one example, given the logarithms of its probabilities.</summary>
    private protected abstract double Penalty(ReadOnlySpan<double> logs, int truth);

    private void Both(double value, double[] logs)
    {
        if (!fromLogits) (logs[0], logs[1]) = (Math.Log(1 - value), Math.Log(value));
        else
        {
            double soft = Math.Log(1 + Math.Exp(-Math.Abs(value)));       // log(1 + e^-|v|) never overflows
            (logs[0], logs[1]) = (-soft - Math.Max(value, 0), -soft + Math.Min(value, 0));
        }
    }

    private void All(ReadOnlySpan<double> values, double[] logs)
    {
        double highest = double.NegativeInfinity, total = 0;
        foreach (double v in values) highest = Math.Max(highest, v);
        foreach (double v in values) total += Math.Exp(v - highest);
        for (int c = 0; c < values.Length; c++) logs[c] = fromLogits ? values[c] - highest - Math.Log(total) : Math.Log(values[c]);
    }
}

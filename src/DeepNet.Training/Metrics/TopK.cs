using System.Globalization;

namespace DeepNet.Training;

/// <summary>
/// The share of examples whose true class is among the k largest outputs. Of equal outputs the lower class number goes first.
/// </summary>
/// <param name="k">The number of guesses that each example has.</param>
public sealed class TopK(int k = 5) : Metric
{
    private readonly int k = k > 0 ? k : throw new ArgumentOutOfRangeException(nameof(k), $"[top_k] k is at least 1, not {k}.");
    private long right, seen;

    /// <inheritdoc/>
    public override string Name => string.Create(CultureInfo.InvariantCulture, $"top{k}");

    /// <inheritdoc/>
    public override double Value => seen == 0 ? double.NaN : (double)right / seen;

    /// <inheritdoc/>
    public override void Reset() => right = seen = 0;

    /// <inheritdoc/>
    public override double[] State() => [right, seen];

    /// <inheritdoc/>
    public override void Merge(ReadOnlySpan<double> state)
    {
        right += (long)state[0];
        seen += (long)state[1];
    }

    /// <inheritdoc/>
    public override void Update(Tensor output, Tensor target)
    {
        ArgumentNullException.ThrowIfNull(output);
        if (output.Rank != 2) throw new ArgumentException($"[top_k] outputs are (N, classes), not {output.Shape}.");
        var (_, truth, classes) = MetricValues.Classes("top_k", output, target, 0);
        double[] scores = MetricValues.Numbers(output);
        for (int i = 0; i < truth.Length; i++)
        {
            var row = scores.AsSpan(i * classes, classes);
            int own = (int)truth[i], before = 0;
            for (int c = 0; c < classes; c++)
                if (row[c] > row[own] || (row[c] == row[own] && c < own)) before++;
            if (before < k && !double.IsNaN(row[own])) right++;
        }
        seen += truth.Length;
    }
}

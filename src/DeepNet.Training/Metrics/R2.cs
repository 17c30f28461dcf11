namespace DeepNet.Training;

/// <summary>
/// The share of the target's variance that the outputs explain: 1 − Σ(y − ŷ)² / Σ(y − ȳ)². 1 is perfect, 0 as good as saying the mean,
/// below 0 worse. With several columns the mean over them. NaN before two examples are seen, and for a column whose target never changes.
/// </summary>
public sealed class R2 : Metric
{
    private Column[] columns = [];
    private long rows;

    private struct Column
    {
        public double Mean, Spread, Residual;
    }

    /// <inheritdoc/>
    public override string Name => "r2";

    /// <inheritdoc/>
    public override double Value
    {
        get
        {
            if (rows < 2) return double.NaN;
            double sum = 0;
            foreach (var c in columns) sum += c.Spread == 0 ? double.NaN : 1 - c.Residual / c.Spread;
            return sum / columns.Length;
        }
    }

    /// <inheritdoc/>
    public override void Reset() => (columns, rows) = ([], 0);

    /// <inheritdoc/>
    public override double[] State() => [rows, .. columns.SelectMany(c => (double[])[c.Mean, c.Spread, c.Residual])];

    /// <inheritdoc/>
    public override void Merge(ReadOnlySpan<double> state)
    {
        if (state[0] == 0) return;
        if (rows == 0) columns = new Column[(state.Length - 1) / 3];
        double all = rows + state[0];
        for (int j = 0; j < columns.Length; j++)
        {
            ref var c = ref columns[j];
            double step = state[1 + 3 * j] - c.Mean;
            c.Mean += step * (state[0] / all);
            c.Spread += state[2 + 3 * j] + step * step * (rows * state[0] / all);
            c.Residual += state[3 + 3 * j];
        }
        rows = (long)all;
    }

    /// <inheritdoc/>
    public override void Update(Tensor output, Tensor target)
    {
        var (predicted, truth) = MetricValues.Paired("r2", output, target);
        int count = output.Rank < 2 || output.Count == 0 ? 1 : (int)(output.Count / output.Shape[0]);
        if (predicted.Length == 0) return;
        if (rows == 0) columns = new Column[count];
        if (columns.Length != count)
            throw new ArgumentException($"[r2] this batch has {count} columns, and those before had {columns.Length}.");
        for (int i = 0; i < predicted.Length; i += count)
        {
            rows++;
            for (int j = 0; j < count; j++)
            {
                // Welford's way: exact for targets far from zero, where a sum of squares is not.
                ref var c = ref columns[j];
                double y = truth[i + j], step = y - c.Mean, residual = y - predicted[i + j];
                c.Mean += step / rows;
                c.Spread += step * (y - c.Mean);
                c.Residual += residual * residual;
            }
        }
    }
}

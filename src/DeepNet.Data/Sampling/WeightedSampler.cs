namespace DeepNet.Data.Sampling;

/// <summary>Examples drawn with chances in proportion to their weights.</summary>
public sealed class WeightedSampler : ISampler
{
    private readonly double[] weights, sums;
    private readonly bool withReplacement;

    /// <summary>Draws a number of examples an epoch.</summary>
    /// <param name="weights">A weight for each example; not negative, finite, some of them positive. They need not sum to 1.</param>
    /// <param name="count">The number of examples to draw; as many as there are weights if left out.</param>
    /// <param name="withReplacement">Whether an example can come more than once an epoch.</param>
    public WeightedSampler(IReadOnlyList<double> weights, int? count = null, bool withReplacement = true)
    {
        ArgumentNullException.ThrowIfNull(weights);
        this.weights = [.. weights];
        this.withReplacement = withReplacement;
        sums = new double[weights.Count];
        double sum = 0;
        int positive = 0;
        for (int i = 0; i < sums.Length; i++)
        {
            if (!(weights[i] >= 0 && double.IsFinite(weights[i])))
                throw new ArgumentException(
                    $"[weighted_sampler] the weight of example {i} is {weights[i]}: it must be finite and not negative.");
            if (weights[i] > 0) positive++;
            sums[i] = sum += weights[i];
        }
        Count = count ?? sums.Length;
        ArgumentOutOfRangeException.ThrowIfNegative(Count, nameof(count));
        if (Count > 0 && positive == 0) throw new ArgumentException("[weighted_sampler] no weight is positive: there is nothing to draw.");
        if (!double.IsFinite(sum)) throw new ArgumentException("[weighted_sampler] the weights sum to infinity. Scale them down.");
        if (!withReplacement && Count > positive)
            throw new ArgumentException(
                $"[weighted_sampler] {Count} different examples cannot be drawn: only {positive} have a positive weight. Draw with "
                    + "replacement, or fewer.");
    }

    /// <inheritdoc/>
    public int Count { get; }

    /// <inheritdoc/>
    public int[] Draw(DrawKey epoch)
    {
        var generator = epoch.Generator();
        return withReplacement ? Repeated(generator) : Distinct(generator);
    }

    private int[] Repeated(Generator generator)
    {
        var drawn = new int[Count];
        for (int i = 0; i < drawn.Length; i++)
        {
            int at = Array.BinarySearch(sums, generator.NextDouble() * sums[^1]);
            if (at < 0) at = ~at;
            else at++;                                                 // a hit on a sum belongs to what comes after it
            at = Math.Min(at, sums.Length - 1);                        // the product may round up to the whole sum
            while (weights[at] == 0) at = at + 1 < weights.Length && sums[at] < sums[^1] ? at + 1 : at - 1;
            drawn[i] = at;
        }
        return drawn;
    }

    // Efraimidis and Spirakis: the examples with the largest u^(1/w), taken in that order, are a weighted draw without replacement.
    private int[] Distinct(Generator generator)
    {
        var order = new int[weights.Length];
        var keys = new double[weights.Length];
        for (int i = 0; i < keys.Length; i++)
        {
            order[i] = i;
            double u = generator.NextDouble();
            keys[i] = weights[i] > 0 ? -Math.Log(1 - u) / weights[i] : double.PositiveInfinity;
        }
        Array.Sort(keys, order);
        return order[..Count];
    }
}

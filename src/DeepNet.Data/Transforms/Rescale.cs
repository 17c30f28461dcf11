namespace DeepNet.Data.Transforms;

/// <summary>Inputs stretched to an interval, feature by feature. Fit it to the training part only; other parts may stick out.</summary>
public sealed class Rescale : ITransform
{
    private readonly Tensor scale, shift;

    /// <summary>
    /// Uses limits that are known: <paramref name="min"/> becomes <paramref name="low"/>, <paramref name="max"/> becomes
    /// <paramref name="high"/>.
    /// </summary>
    /// <param name="min">Broadcasts to an example.</param>
    /// <param name="max">The same. A feature that does not vary becomes <paramref name="low"/>.</param>
    /// <param name="low">The lower end.</param>
    /// <param name="high">The upper end.</param>
    public Rescale(Tensor min, Tensor max, double low = 0, double high = 1)
    {
        ArgumentNullException.ThrowIfNull(min);
        ArgumentNullException.ThrowIfNull(max);
        if (!(low < high)) throw new ArgumentException($"[rescale] there is no interval from {low} to {high}.");
        var range = max.Detach() - min.Detach();
        if (range.Count > 0 && !(range.Min().Item() >= 0)) throw new ArgumentException("[rescale] a minimum lies above its maximum.");
        scale = Memory.Keep((high - low) / Tensor.Where(range > 0, range, 1));
        shift = Memory.Keep(low - min.Detach() * scale);
    }

    /// <summary>Measures each feature of a table (N, features), or each channel of images (N, channels, height, width).</summary>
    public static Rescale Fit(IDataset train, double low = 0, double high = 1)
    {
        var (_, _, min, max) = Features.Measure("rescale", train);
        return new Rescale(min, max, low, high);
    }

    /// <inheritdoc/>
    public Batch Apply(Batch batch, ReadOnlySpan<DrawKey> keys) => batch with { X = batch.X * scale + shift };

    /// <inheritdoc/>
    public override string ToString() => $"Rescale{scale.Shape}";
}

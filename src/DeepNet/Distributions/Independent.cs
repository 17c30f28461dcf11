namespace DeepNet.Distributions;

/// <summary>
/// Represents a distribution in which the last axes of another one's batch shape count as part of the event: their log-densities add up.
/// </summary>
public sealed class Independent : Distribution
{
    private readonly Distribution distribution;
    private readonly int axes;

    /// <summary>Initializes a distribution of events that take in the last batch axes of another one.</summary>
    /// <param name="distribution">The distribution of independent parts.</param>
    /// <param name="axes">The number of batch axes that become event axes.</param>
    public Independent(Distribution distribution, int axes) : base(Outer(distribution, axes), Inner(distribution, axes))
    {
        this.distribution = distribution;
        this.axes = axes;
    }

    private static Shape Outer(Distribution distribution, int axes)
    {
        ArgumentNullException.ThrowIfNull(distribution);
        if (axes < 0 || axes > distribution.BatchShape.Rank)
            throw new ArgumentOutOfRangeException(
                nameof(axes), $"[independent] {axes} axes of a batch of shape {distribution.BatchShape}, which has "
                + $"{distribution.BatchShape.Rank}.");
        return new(distribution.BatchShape.Axes[..^axes]);
    }

    private static Shape Inner(Distribution distribution, int axes)
        => [.. distribution.BatchShape.Axes[^axes..], .. distribution.EventShape];

    /// <inheritdoc/>
    public override Tensor Mean => distribution.Mean;

    /// <inheritdoc/>
    public override Tensor Variance => distribution.Variance;

    /// <inheritdoc/>
    public override bool HasRSample => distribution.HasRSample;

    /// <inheritdoc/>
    protected override Tensor Draw(Shape shape, Generator? generator)
    {
        int own = shape.Rank - distribution.BatchShape.Rank - distribution.EventShape.Rank;
        Shape samples = new(shape.Axes[..own]);
        return HasRSample ? distribution.RSample(samples, generator) : distribution.Sample(samples, generator);
    }

    /// <inheritdoc/>
    public override Tensor LogProb(Tensor value) => Sum(distribution.LogProb(value));

    /// <inheritdoc/>
    public override Tensor Entropy() => Sum(distribution.Entropy());

    /// <inheritdoc/>
    protected internal override Tensor? DivergenceFrom(Distribution other)
        => other is Independent q && q.axes == axes && distribution.DivergenceFrom(q.distribution) is { } parts ? Sum(parts) : null;

    private Tensor Sum(Tensor parts) => axes == 0 ? parts : parts.Sum([.. Enumerable.Range(-axes, axes)]);
}

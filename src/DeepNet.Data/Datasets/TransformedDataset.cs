using DeepNet.Data.Transforms;

namespace DeepNet.Data;

/// <summary>
/// A data set whose examples pass through a transform on the way out. Random transforms do the same to an example each time; for
/// augmentation that differs from epoch to epoch, give the transform to the <see cref="DataLoader"/> instead.
/// </summary>
public sealed class TransformedDataset : IRandomDataset, ILabeled
{
    private readonly ITransform transform;
    private readonly DrawKey key;

    /// <summary>The examples of a set, transformed.</summary>
    /// <param name="source">The set.</param>
    /// <param name="transform">The transform of each example.</param>
    /// <param name="seed">Decides what random transforms do.</param>
    public TransformedDataset(IDataset source, ITransform transform, ulong seed = 0)
    {
        ArgumentNullException.ThrowIfNull(source);
        ArgumentNullException.ThrowIfNull(transform);
        Source = source;
        this.transform = transform;
        key = DrawKey.FromSeed(seed);
    }

    /// <summary>The set before the transform.</summary>
    public IDataset Source { get; }

    /// <inheritdoc/>
    public int Count => Source.Count;

    /// <inheritdoc/>
    public Sample this[int index] => Places.Example(this, index);

    /// <summary>The labels of <see cref="Source"/>.</summary>
    public IReadOnlyList<int> Labels => Source.Labels();

    /// <inheritdoc/>
    public Batch GetBatch(ReadOnlySpan<int> indices, CancellationToken cancellation = default)
        => Transformed(Source.GetBatch(indices, cancellation), indices);

    /// <inheritdoc/>
    public Batch GetBatch(ReadOnlySpan<int> indices, ReadOnlySpan<DrawKey> keys, CancellationToken cancellation = default)
        => Transformed(Source.GetBatch(indices, keys, cancellation), indices);

    private Batch Transformed(Batch batch, ReadOnlySpan<int> indices)
    {
        var keys = new DrawKey[indices.Length];
        for (int i = 0; i < keys.Length; i++) keys[i] = key.At((ulong)indices[i]);
        return transform.Apply(batch, keys);
    }

    /// <inheritdoc/>
    public override string ToString() => $"{Source} with {transform}";
}
